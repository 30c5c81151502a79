// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The end of a conversation: closes its channel after a time, unless the conversation closes this
 * first. A blocked read ends with a {@code ClosedChannelException}; Unix-domain channels know no
 * timeout of their own.
 */
final class Deadline implements AutoCloseable {

  /** One thread for all, which only closes channels. */
  private static final ScheduledThreadPoolExecutor TIMEKEEPER = timekeeper();

  private final ScheduledFuture<?> end;

  private Deadline(ScheduledFuture<?> end) {
    this.end = end;
  }

  static Deadline of(Closeable channel, Duration patience) {
    return new Deadline(
        TIMEKEEPER.schedule(
            () -> closeQuietly(channel), patience.toMillis(), TimeUnit.MILLISECONDS));
  }

  @Override
  public void close() {
    end.cancel(false);
  }

  private static void closeQuietly(Closeable channel) {
    try {
      channel.close();
    } catch (IOException ignored) {
      // Whoever reads or writes it will see.
    }
  }

  private static ScheduledThreadPoolExecutor timekeeper() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "wardgate-control-deadline");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish to end, by SIGTERM or SIGINT, turned into an orderly end with exit code 0.
 *
 * <p>The runtime would exit with 143 and cut work short; here whoever {@link #await waits} closes
 * what it opened first.
 */
final class StopSignal implements AutoCloseable {

  /** Longer than closing a gateway takes while its disk still answers. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final CountDownLatch wished = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);

  private StopSignal() {}

  /** From now on a signal is a wish until {@link #close}. */
  static StopSignal install() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::end, "wardgate-stop"));
    return signal;
  }

  /** Returns when the process is asked to end. */
  void await() {
    try {
      wished.await();
    } catch (InterruptedException e) {
      // As good a wish as any.
      Thread.currentThread().interrupt();
    }
  }

  /** All is closed that had to be. */
  @Override
  public void close() {
    finished.countDown();
  }

  private void end() {
    if (finished.getCount() == 0) {
      // The command ended by itself, with an exit code of its own.
      return;
    }
    wished.countDown();
    boolean closed = false;
    try {
      closed = finished.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(closed ? Outcome.DONE : Outcome.FAILED);
  }
}

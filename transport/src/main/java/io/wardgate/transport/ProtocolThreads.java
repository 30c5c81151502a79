// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Runs CoAP's immediate work on the thread that brings it, and only what must wait on one timer
 * thread of its own.
 *
 * <p>A message so stays on the DTLS worker that decrypted it: one queue less, which would have had
 * no bound, and about a third less CPU per request than with a hand-over (see {@code
 * docs/defaults.md}). It is safe because nothing behind it waits: the gateway calls makers'
 * handlers on threads of their own.
 */
final class ProtocolThreads extends ScheduledThreadPoolExecutor {

  ProtocolThreads(String name) {
    super(1, work -> daemon(work, name));
    setRemoveOnCancelPolicy(true);
    setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable work) {
    if (isShutdown()) {
      throw new RejectedExecutionException("closed");
    }
    work.run();
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name + "-timer");
    thread.setDaemon(true);
    return thread;
  }
}

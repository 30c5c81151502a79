// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Signs with a token, a few signatures at a time and each within its time, whoever asks: a token
 * that hangs holds neither a protocol thread for long nor more than {@value #AT_ONCE} threads of
 * ours. Thread-safe.
 */
final class TokenSigning {

  /** Tokens sign one after the other; more at once only wait inside. */
  static final int AT_ONCE = 4;

  /** A TPM takes a few hundred milliseconds; a peer repeats itself after one to two seconds. */
  static final Duration WITHIN = Duration.ofSeconds(2);

  private final Provider token;
  private final Duration within;
  private final LongSupplier nanos;
  private final TokenHealth health = new TokenHealth();
  private final Semaphore permits = new Semaphore(AT_ONCE);
  private final ThreadPoolExecutor threads;

  TokenSigning(Provider token, Duration within, LongSupplier nanos) {
    this.token = token;
    this.within = within;
    this.nanos = nanos;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            0,
            // The permits bound it; a thread whose permit is back may not be free yet.
            Integer.MAX_VALUE,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> {
              Thread thread = new Thread(work, "wardgate-token-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  TokenHealth health() {
    return health;
  }

  /**
   * The signature.
   *
   * @throws TokenFailure if the token does not sign in time; then it is degraded
   */
  byte[] sign(String algorithm, PrivateKey key, byte[] message) {
    long deadline = nanos.getAsLong() + within.toNanos();
    try {
      if (!permits.tryAcquire(within.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException("the token is busy");
      }
      byte[] signature =
          submit(() -> signNow(algorithm, key, message))
              .get(deadline - nanos.getAsLong(), TimeUnit.NANOSECONDS);
      health.is(TokenHealth.State.OK);
      return signature;
    } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
      health.is(TokenHealth.State.DEGRADED);
      throw new TokenFailure("the token did not sign", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TokenFailure("interrupted", e);
    }
  }

  /** With a permit, which {@code signing} gives back unless it never begins. */
  private Future<byte[]> submit(Callable<byte[]> signing) {
    boolean submitted = false;
    try {
      Future<byte[]> signature = threads.submit(signing);
      submitted = true;
      return signature;
    } finally {
      if (!submitted) {
        // Closed, or no memory for another thread: the token itself may be well.
        permits.release();
        health.is(TokenHealth.State.DEGRADED);
      }
    }
  }

  /** Gives the permit back when the token is done, not when the asker has given up. */
  private byte[] signNow(String algorithm, PrivateKey key, byte[] message)
      throws GeneralSecurityException {
    try {
      Signature signature = Signature.getInstance(algorithm, token);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } finally {
      permits.release();
    }
  }

  void close() {
    threads.shutdownNow();
  }
}

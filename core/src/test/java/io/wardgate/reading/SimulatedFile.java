// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * A file in memory that knows what a power cut would leave of it, and fails where it is told to.
 *
 * <p>Every write takes a few bytes only, so that a line takes several.
 */
final class SimulatedFile implements AppendFile, AppendFile.Opener {

  private static final int BYTES_PER_WRITE = 90;
  private static final int NEVER = Integer.MAX_VALUE;

  private byte[] content;
  private byte[] forced;
  private int calls;
  private int failFrom = NEVER;
  private int failUpTo = NEVER;
  private int forces;
  private boolean closed;
  private CountDownLatch gate = new CountDownLatch(0);
  private CountDownLatch forcing = new CountDownLatch(1);

  SimulatedFile(byte[] content) {
    this.content = content.clone();
    this.forced = content.clone();
  }

  /** Lets the calls from the n-th that changes something up to the m-th fail. */
  synchronized SimulatedFile failing(int from, int upTo) {
    failFrom = from;
    failUpTo = upTo;
    return this;
  }

  /** Holds every force until the answer is counted down. */
  synchronized CountDownLatch holdForces() {
    gate = new CountDownLatch(1);
    forcing = new CountDownLatch(1);
    return gate;
  }

  /** Waits until a force is being held. */
  void awaitForce() throws InterruptedException {
    forcing.await();
  }

  synchronized int calls() {
    return calls;
  }

  synchronized int forces() {
    return forces;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized byte[] content() {
    return content.clone();
  }

  /** What a power cut leaves if nothing was written back that was not forced. */
  synchronized byte[] leastAfterPowerCut() {
    return forced.clone();
  }

  /** What a power cut leaves if the length was written back and the content was not. */
  synchronized byte[] zerosAfterPowerCut() {
    byte[] zeros = Arrays.copyOf(forced, content.length);
    int same = Math.min(forced.length, content.length);
    Arrays.fill(zeros, same, zeros.length, (byte) 0);
    return zeros;
  }

  /** Lets somebody else write at the end. */
  synchronized void written(byte[] foreign) {
    content = Arrays.copyOf(content, content.length + foreign.length);
    System.arraycopy(foreign, 0, content, content.length - foreign.length, foreign.length);
  }

  @Override
  public synchronized AppendFile open() {
    closed = false;
    return this;
  }

  @Override
  public synchronized long size() {
    return content.length;
  }

  @Override
  public synchronized int read(ByteBuffer target, long position) {
    int length = Math.min(target.remaining(), content.length - (int) position);
    target.put(content, (int) position, length);
    return length;
  }

  @Override
  public synchronized boolean isInPlace() {
    return true;
  }

  @Override
  public synchronized void append(ByteBuffer source) throws IOException {
    int length = Math.min(source.remaining(), BYTES_PER_WRITE);
    boolean fails = fails();
    // A write that fails may have written something.
    int written = fails ? length / 2 : length;
    content = Arrays.copyOf(content, content.length + written);
    source.get(content, content.length - written, written);
    if (fails) {
      throw new IOException("no space left on simulated device");
    }
  }

  @Override
  public synchronized void truncate(long size) throws IOException {
    if (fails()) {
      throw new IOException("simulated truncate");
    }
    content = Arrays.copyOf(content, (int) Math.min(size, content.length));
  }

  @Override
  public void force() throws IOException {
    CountDownLatch held;
    synchronized (this) {
      held = gate;
      forcing.countDown();
    }
    try {
      held.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    synchronized (this) {
      forces++;
      if (fails()) {
        throw new IOException("simulated force");
      }
      forced = content.clone();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private boolean fails() {
    calls++;
    return calls >= failFrom && calls <= failUpTo;
  }
}

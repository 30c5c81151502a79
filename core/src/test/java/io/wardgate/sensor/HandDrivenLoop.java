// SPDX-License-Identifier: Apache-2.0
package io.wardgate.sensor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A loop whose thread is the test's and whose time passes when the test says so. */
final class HandDrivenLoop extends AbstractExecutorService implements ScheduledExecutorService {

  private final Deque<Runnable> ready = new ArrayDeque<>();
  private final List<Later> later = new ArrayList<>();
  private boolean down;

  /** Runs what is ready, and what becomes ready by that. */
  void run() {
    while (!ready.isEmpty()) {
      ready.remove().run();
    }
  }

  /** How long the next delayed task still waits. */
  Optional<Duration> nextIn() {
    return later.stream()
        .filter(task -> !task.isCancelled())
        .map(task -> task.delay)
        .min(Duration::compareTo);
  }

  /** Lets time pass and runs what is due then. */
  void pass(Duration time) {
    List<Later> due = new ArrayList<>();
    for (Later task : later) {
      task.delay = task.delay.minus(time);
      if (task.delay.compareTo(Duration.ZERO) <= 0) {
        due.add(task);
      }
    }
    later.removeAll(due);
    ready.addAll(due);
    run();
  }

  @Override
  public void execute(Runnable command) {
    if (down) {
      throw new RejectedExecutionException();
    }
    ready.add(command);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    Later task = new Later(command, Duration.of(delay, unit.toChronoUnit()));
    later.add(task);
    return task;
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void shutdown() {
    down = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    down = true;
    List<Runnable> never = List.copyOf(ready);
    ready.clear();
    return never;
  }

  @Override
  public boolean isShutdown() {
    return down;
  }

  @Override
  public boolean isTerminated() {
    return down && ready.isEmpty();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    run();
    return true;
  }

  private static final class Later extends FutureTask<Void> implements ScheduledFuture<Void> {

    private Duration delay;

    Later(Runnable work, Duration delay) {
      super(work, null);
      this.delay = delay;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(delay);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}

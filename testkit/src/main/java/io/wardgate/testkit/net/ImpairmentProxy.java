// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A UDP proxy on loopback that stands between clients and one target and does to their datagrams
 * what an {@link ImpairmentPlan} says.
 *
 * <p>Each client gets a socket of its own towards the target, so that the target sees distinct
 * peers. {@link #rebind()} gives all of them new ports, as a NAT does that forgot its table; {@link
 * #cut()} and {@link #restore()} take the link away and bring it back. These three are exact: what
 * had reached the proxy's sockets before the call meets the old state, what comes after it returns
 * meets the new.
 *
 * <p>Listens on loopback only, and refuses a target elsewhere unless it is named through {@link
 * #towardsAForeignHost}. Bounded: 512 clients, 2048 datagrams under way; what finds no room is
 * dropped and counted. One thread of its own; every method may be called from any thread.
 */
public final class ImpairmentProxy implements AutoCloseable {

  /** Each client costs a file descriptor. */
  public static final int MOST_CLIENTS = 512;

  /** Rounds that a command waits for what arrived before it; a flood must not keep it out. */
  private static final int ROUNDS_BEFORE_A_COMMAND = 64;

  private interface Action {
    void run() throws IOException;
  }

  private record Command(Action action, CompletableFuture<@Nullable Void> done) {}

  private final Tally tally = new Tally();
  private final Switchboard switchboard;
  private final Thread thread;

  /** Guards {@link #commands} and {@link #closed}. */
  private final Object lock = new Object();

  private final Queue<Command> commands = new ArrayDeque<>();
  private boolean closed;

  private ImpairmentProxy(InetSocketAddress target, ImpairmentPlan plan) throws IOException {
    this.switchboard = new Switchboard(target, plan, InstantSource.system(), tally);
    this.thread = new Thread(this::run, "wardgate-impairment-" + switchboard.address().getPort());
    thread.setDaemon(true);
  }

  /**
   * A proxy in front of a target on loopback, listening on a port of its own.
   *
   * @throws IllegalArgumentException if the target is not a loopback address
   * @throws IOException if no socket could be opened
   */
  public static ImpairmentProxy towards(InetSocketAddress target, ImpairmentPlan plan)
      throws IOException {
    if (target.isUnresolved() || !target.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException("not a loopback address: " + target);
    }
    return started(target, plan);
  }

  /**
   * A proxy in front of a target on another machine; it still listens on loopback only.
   *
   * @throws IllegalArgumentException if the target's name is not resolved
   * @throws IOException if no socket could be opened
   */
  public static ImpairmentProxy towardsAForeignHost(InetSocketAddress target, ImpairmentPlan plan)
      throws IOException {
    if (target.isUnresolved()) {
      throw new IllegalArgumentException("not resolved: " + target);
    }
    return started(target, plan);
  }

  /** Where clients send to. */
  public InetSocketAddress address() {
    return switchboard.address();
  }

  /**
   * Gives every client a new source port towards the target. Clients notice nothing; what the
   * target still sends to an old port is lost.
   *
   * @throws UncheckedIOException if no socket could be opened
   * @throws IllegalStateException if the proxy is closed
   */
  public void rebind() {
    perform(switchboard::rebind);
  }

  /**
   * Takes the link away: everything under way and everything to come is dropped.
   *
   * @throws IllegalStateException if the proxy is closed
   */
  public void cut() {
    perform(switchboard::cut);
  }

  /**
   * Brings the link back. What was dropped stays lost.
   *
   * @throws IllegalStateException if the proxy is closed
   */
  public void restore() {
    perform(switchboard::restore);
  }

  /** How many datagrams of this direction have met this outcome; also after closing. */
  public long count(Direction direction, Outcome outcome) {
    return tally.of(direction, outcome);
  }

  /** Closes every socket and ends the thread; what is under way is dropped. Idempotent. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
    switchboard.wakeUp();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static ImpairmentProxy started(InetSocketAddress target, ImpairmentPlan plan)
      throws IOException {
    ImpairmentProxy proxy = new ImpairmentProxy(target, plan);
    proxy.thread.start();
    return proxy;
  }

  private void perform(Action action) {
    Command command = new Command(action, new CompletableFuture<>());
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("the proxy is closed");
      }
      commands.add(command);
    }
    switchboard.wakeUp();
    try {
      command.done().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException io) {
        throw new UncheckedIOException(io);
      }
      throw new IllegalStateException("the proxy was closed meanwhile", e.getCause());
    }
  }

  private void run() {
    Throwable end = new IllegalStateException("the proxy was closed");
    try {
      while (isOpen()) {
        Command command = nextCommand();
        if (command == null) {
          switchboard.await();
        } else {
          obey(command);
        }
      }
    } catch (IOException e) {
      end = e;
      throw new UncheckedIOException("the proxy's selector failed", e);
    } finally {
      refuseCommands(end);
      switchboard.close();
    }
  }

  private boolean isOpen() {
    synchronized (lock) {
      return !closed;
    }
  }

  private @Nullable Command nextCommand() {
    synchronized (lock) {
      return commands.poll();
    }
  }

  private void obey(Command command) {
    try {
      int rounds = 0;
      while (rounds < ROUNDS_BEFORE_A_COMMAND && switchboard.handleArrived()) {
        rounds++;
      }
      command.action().run();
      command.done().complete(null);
    } catch (IOException | RuntimeException e) {
      command.done().completeExceptionally(e);
    }
  }

  private void refuseCommands(Throwable cause) {
    synchronized (lock) {
      closed = true;
      for (Command command : commands) {
        command.done().completeExceptionally(cause);
      }
      commands.clear();
    }
  }
}

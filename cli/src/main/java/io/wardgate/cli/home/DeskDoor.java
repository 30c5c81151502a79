// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The way to a home's {@link DeviceDesk}: our own if nobody holds the home, else that of the
 * gateway that does.
 */
public final class DeskDoor implements AutoCloseable {

  /** A gateway starts in less, and another command is done in less. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final DeviceDesk desk;
  private final EnrolmentDesk enrolment;
  private final Optional<OpenHome> home;

  private DeskDoor(DeviceDesk desk, EnrolmentDesk enrolment, Optional<OpenHome> home) {
    this.desk = desk;
    this.enrolment = enrolment;
    this.home = home;
  }

  /**
   * Opens it. A gateway that is just starting, or another command at work, is waited for.
   *
   * @param patience how long the lock and the socket are tried, each at least once; a gateway that
   *     took our call and says nothing is waited for a little longer
   * @throws WardgateException {@link Reason#HOME_IN_USE} if somebody holds the home and does not
   *     answer, else what is wrong with the home
   * @throws IOException if a file cannot be read
   */
  public static DeskDoor open(
      GatewayHome home,
      UnlockSource unlock,
      InstantSource clock,
      SecureRandom random,
      Duration patience)
      throws IOException, WardgateException {
    RemoteDesk remote = new RemoteDesk(home.socket());
    long begun = System.nanoTime();
    do {
      Optional<HomeLock> lock = HomeLock.tryAcquire(home.lock());
      if (lock.isPresent()) {
        OpenHome open = OpenHome.open(home, lock.get(), unlock, clock, random);
        return new DeskDoor(open.desk(), open.enrolment(), Optional.of(open));
      }
      if (remote.answers()) {
        return new DeskDoor(remote, remote, Optional.empty());
      }
      pause();
    } while (System.nanoTime() - begun < patience.toNanos());
    throw new WardgateException(
        Reason.HOME_IN_USE, "another process holds " + home.directory() + " and does not answer");
  }

  /** The desk. */
  public DeviceDesk desk() {
    return desk;
  }

  /** Where it is decided who is enrolled. */
  public EnrolmentDesk enrolment() {
    return enrolment;
  }

  /** Lets go of the home. */
  @Override
  public void close() throws IOException {
    if (home.isPresent()) {
      home.get().close();
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Provision;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How much of unfinished bodies is held, for whom, and for how long. */
class RequestBodiesTest {

  private static final byte[] BLOCK = new byte[1024];
  private static final long BOUND = 16L << 20;

  private long now;
  private final RequestBodies bodies = new RequestBodies(() -> now);

  @Test
  void givesTheWholeBodyInOrder() throws Exception {
    RequestBodies.Key key = key("session", "/a");
    add(key, 0, new byte[] {1, 2});
    add(key, 2, new byte[] {3, 4});
    assertThat(bodies.finish(key, 4, new byte[] {5})).containsExactly(1, 2, 3, 4, 5);
    assertThat(bodies.totalBytes()).isZero();
  }

  @Test
  void takesAtMostTwoBodiesOfOneSessionAtOnce() throws Exception {
    add(key("session", "/a"), 0, BLOCK);
    add(key("session", "/b"), 0, BLOCK);
    assertThat(reason(() -> add(key("session", "/c"), 0, BLOCK))).isEqualTo(Reason.OVERLOADED);
    add(key("other", "/c"), 0, BLOCK);
  }

  @Test
  @Provision("5.13-1B")
  void neverHoldsMoreThanItsBoundInTotal() throws Exception {
    int session = 0;
    Reason refused = null;
    while (refused == null) {
      RequestBodies.Key key = key("session" + session++, "/a");
      for (int i = 0; i < 64 && refused == null; i++) {
        int block = i;
        refused = reason(() -> add(key, block * 1024L, BLOCK));
        assertThat(bodies.totalBytes()).isLessThanOrEqualTo(BOUND);
      }
    }
    assertThat(refused).isEqualTo(Reason.OVERLOADED);
  }

  @Test
  void forgetsABodyLeftAloneWhenRoomIsNeeded() throws Exception {
    for (int session = 0; session < 256; session++) {
      for (int i = 0; i < 64; i++) {
        add(key("old" + session, "/a"), i * 1024L, BLOCK);
      }
    }
    assertThat(reason(() -> add(key("new", "/a"), 0, BLOCK))).isEqualTo(Reason.OVERLOADED);
    now += TimeUnit.SECONDS.toNanos(31);
    add(key("new", "/a"), 0, BLOCK);
    assertThat(bodies.totalBytes()).isEqualTo(1024);
  }

  @Test
  @Provision("5.13-1B")
  void aDeviceThatComesBackOftenTakesNobodysRoom() throws Exception {
    DeviceId pump = DeviceId.of("pump-1");
    for (int session = 0; session < 5000; session++) {
      for (String target : List.of("/a", "/b")) {
        RequestBodies.Key key = key(pump, "session" + session, target);
        for (int i = 0; i < 63; i++) {
          add(key, i * 1024L, BLOCK);
        }
      }
      assertThat(bodies.totalBytes()).isLessThanOrEqualTo(4 * 63 * 1024L);
    }
    add(key("other", "/a"), 0, BLOCK);
  }

  @Test
  void aDeviceThatComesBackGivesUpWhatItLeftInItsOldestSession() throws Exception {
    DeviceId pump = DeviceId.of("pump-1");
    for (String session : List.of("first", "second")) {
      add(key(pump, session, "/a"), 0, BLOCK);
      add(key(pump, session, "/b"), 0, BLOCK);
    }
    add(key(pump, "third", "/a"), 0, BLOCK);
    assertThat(reason(() -> add(key(pump, "first", "/a"), 1024, BLOCK)))
        .isEqualTo(Reason.BLOCK_OUT_OF_SEQUENCE);
    add(key(pump, "first", "/b"), 1024, BLOCK);
    add(key(pump, "second", "/a"), 1024, BLOCK);
  }

  @Test
  void aSessionsSecondBodyDoesNotDriveOutItsFirst() throws Exception {
    DeviceId pump = DeviceId.of("pump-1");
    add(key(pump, "first", "/a"), 0, BLOCK);
    add(key(pump, "second", "/a"), 0, BLOCK);
    add(key(pump, "second", "/b"), 0, BLOCK);
    add(key(pump, "third", "/a"), 0, BLOCK);
    add(key(pump, "first", "/b"), 0, BLOCK);
    add(key(pump, "first", "/a"), 1024, BLOCK);
    assertThat(reason(() -> add(key(pump, "second", "/a"), 1024, BLOCK)))
        .isEqualTo(Reason.BLOCK_OUT_OF_SEQUENCE);
  }

  @Test
  void whatASessionAbandonedDoesNotBlockWhatItSendsLater() throws Exception {
    add(key("session", "/a"), 0, BLOCK);
    add(key("session", "/b"), 0, BLOCK);
    now += TimeUnit.SECONDS.toNanos(31);
    add(key("session", "/c"), 0, BLOCK);
    assertThat(bodies.totalBytes()).isEqualTo(1024);
  }

  @Test
  void makingRoomForABodyDoesNotDropIt() throws Exception {
    now = TimeUnit.HOURS.toNanos(1);
    for (int device = 0; device < 256; device++) {
      for (int i = 0; i < 64; i++) {
        add(key("old" + device, "/a"), i * 1024L, BLOCK);
      }
    }
    now += TimeUnit.SECONDS.toNanos(31);
    // Continued after as long a pause as the others', and begun at a time far from zero.
    add(key("old0", "/a"), 64 * 1024L, BLOCK);
    add(key("new", "/a"), 0, BLOCK);
    assertThat(bodies.totalBytes()).isEqualTo(65 * 1024 + 1024);
    assertThat(bodies.finish(key("old0", "/a"), 65 * 1024L, BLOCK)).hasSize(66 * 1024);
    assertThat(bodies.finish(key("new", "/a"), 1024, BLOCK)).hasSize(2 * 1024);
    assertThat(bodies.totalBytes()).isZero();
  }

  @Test
  void aForgottenBodyIsNotContinued() throws Exception {
    RequestBodies.Key key = key("session", "/a");
    add(key, 0, BLOCK);
    assertThat(reason(() -> add(key, 4096, BLOCK))).isEqualTo(Reason.BLOCK_OUT_OF_SEQUENCE);
    assertThat(reason(() -> add(key, 1024, BLOCK))).isEqualTo(Reason.BLOCK_OUT_OF_SEQUENCE);
    assertThat(bodies.totalBytes()).isZero();
  }

  @Test
  void itsAccountIsExactWhateverArrives() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 20_000; i++) {
      RequestBodies.Key key = key("s" + random.nextInt(40), "/" + random.nextInt(3));
      long offset = 512L * random.nextInt(6);
      now += random.nextLong(TimeUnit.SECONDS.toNanos(1));
      if (random.nextInt(4) == 0) {
        reason(() -> bodies.finish(key, offset, new byte[random.nextInt(512)]));
      } else {
        reason(() -> add(key, offset, new byte[512]));
      }
    }
    for (int session = 0; session < 40; session++) {
      for (int path = 0; path < 3; path++) {
        bodies.drop(key("s" + session, "/" + path));
      }
    }
    assertThat(bodies.totalBytes()).isZero();
  }

  /** Each session of a device of its own. */
  private static RequestBodies.Key key(String session, String target) {
    return key(DeviceId.of(session), session, target);
  }

  private static RequestBodies.Key key(DeviceId device, String session, String target) {
    return new RequestBodies.Key(device, session, 2, List.of(target), List.of(), List.of());
  }

  private static Reason reason(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    WardgateException refused = catchThrowableOfType(WardgateException.class, call);
    return refused == null ? null : refused.reason();
  }

  private void add(RequestBodies.Key key, long offset, byte[] block) throws WardgateException {
    bodies.add(key, offset, block, Optional.empty());
  }
}

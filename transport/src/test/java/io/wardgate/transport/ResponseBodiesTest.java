// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.exchange.Response;
import io.wardgate.fixtures.Provision;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How much of half-fetched answers is kept, for whom, and for how long. */
class ResponseBodiesTest {

  private static final DeviceId PUMP = DeviceId.of("pump-1");
  private static final Response LARGE = Response.content(42, new byte[64 * 1024]);

  private long now;
  private final ResponseBodies bodies = new ResponseBodies(() -> now);

  @Test
  void keepsAnAnswerForThirtySeconds() {
    bodies.keep(key(PUMP, "session", "/a"), LARGE);
    now += TimeUnit.SECONDS.toNanos(30);
    assertThat(bodies.find(key(PUMP, "session", "/a"))).contains(LARGE);
    now++;
    assertThat(bodies.find(key(PUMP, "session", "/a"))).isEmpty();
  }

  @Test
  void anAnswerIsItsOwnSessionsAlone() {
    bodies.keep(key(PUMP, "session", "/a"), LARGE);
    assertThat(bodies.find(key(PUMP, "other", "/a"))).isEmpty();
    assertThat(bodies.find(key(PUMP, "session", "/b"))).isEmpty();
  }

  @Test
  void ofOneSessionTwoAreKeptAndTheOldestGoesFirst() {
    for (String target : List.of("/a", "/b", "/c")) {
      bodies.keep(key(PUMP, "session", target), LARGE);
    }
    assertThat(bodies.find(key(PUMP, "session", "/a"))).isEmpty();
    assertThat(bodies.find(key(PUMP, "session", "/b"))).isPresent();
    assertThat(bodies.find(key(PUMP, "session", "/c"))).isPresent();
  }

  @Test
  @Provision("5.13-1B")
  void aDeviceThatComesBackOftenDrivesOutItsOwnAnswersOnly() {
    DeviceId other = DeviceId.of("pump-2");
    bodies.keep(key(other, "other session", "/a"), LARGE);
    for (int session = 0; session < 1000; session++) {
      bodies.keep(key(PUMP, "session" + session, "/a"), LARGE);
    }
    assertThat(bodies.find(key(other, "other session", "/a"))).isPresent();
    assertThat(bodies.find(key(PUMP, "session995", "/a"))).isEmpty();
    assertThat(bodies.find(key(PUMP, "session996", "/a"))).isPresent();
  }

  @Test
  @Provision("5.13-1B")
  void neverKeepsMoreThanItsBoundInTotal() {
    for (int device = 0; device < 100; device++) {
      bodies.keep(key(DeviceId.of("d" + device), "of d" + device, "/a"), LARGE);
    }
    assertThat(bodies.find(key(DeviceId.of("d35"), "of d35", "/a"))).isEmpty();
    assertThat(bodies.find(key(DeviceId.of("d36"), "of d36", "/a"))).as("64 of 64 KiB").isPresent();
  }

  private static RequestBodies.Key key(DeviceId device, String session, String target) {
    return new RequestBodies.Key(device, session, 1, List.of(target), List.of(), List.of());
  }
}

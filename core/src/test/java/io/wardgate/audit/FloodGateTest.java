// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.audit.SecurityEvent.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FloodGateTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final FloodGate gate = new FloodGate();

  @Test
  void keepsTheFirstHundredOfAKindAndReasonAndSaysHowManyMoreThereWere() {
    assertThat(kept(412, refused(Reason.UNKNOWN_AUTHORITY))).isEqualTo(100);
    assertThat(kept(3, refused(Reason.NO_CREDENTIAL))).as("another reason").isEqualTo(3);

    assertThat(gate.rest(NOW))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.kind()).isEqualTo(SecurityEvent.EVENTS_SUPPRESSED);
              assertThat(event.severity()).isEqualTo(Severity.WARNING);
              assertThat(event.source()).isEqualTo("312 peer-refused unknown-authority");
            });
  }

  @Test
  void anAlertAlwaysPasses() {
    SecurityEvent alert =
        SecurityEvent.alert(NOW, SecurityEvent.STATE_DAMAGED, "ledger", Reason.STATE_DAMAGED);

    assertThat(kept(1000, alert)).isEqualTo(1000);
    assertThat(gate.rest(NOW)).isEmpty();
  }

  @Test
  void anEventWithoutAReasonIsOneKindToo() {
    assertThat(
            kept(101, SecurityEvent.info(NOW, SecurityEvent.SESSION_OPENED, null, "192.0.2.1:9")))
        .isEqualTo(100);
    assertThat(gate.rest(NOW)).map(SecurityEvent::source).containsExactly("1 session-opened");
  }

  @Test
  void afterTheFirstHundredOneInThirtySecondsIsKept() {
    assertThat(kept(101, refused(Reason.NO_CREDENTIAL))).isEqualTo(100);
    assertThat(gate.lets(refused(Reason.NO_CREDENTIAL), NOW.plusMillis(29_999))).isFalse();
    assertThat(gate.lets(refused(Reason.NO_CREDENTIAL), NOW.plusSeconds(30))).isTrue();
    assertThat(gate.lets(refused(Reason.NO_CREDENTIAL), NOW.plusSeconds(30))).isFalse();
    assertThat(gate.lets(refused(Reason.NO_CREDENTIAL), NOW.plusSeconds(59))).isFalse();
    assertThat(gate.lets(refused(Reason.NO_CREDENTIAL), NOW.plusSeconds(60))).isTrue();
    assertThat(gate.lets(refused(Reason.NO_CREDENTIAL), NOW.minusSeconds(3600)))
        .as("the clock was set back")
        .isFalse();
  }

  @Test
  void aWardThatReconnectsStandsInTheTrail() {
    int kept = 0;
    Instant now = NOW;
    for (int i = 0; i < 2000; i++) {
      DeviceId device = DeviceId.of("pump-" + i);
      kept +=
          gate.lets(
                  SecurityEvent.info(now, SecurityEvent.SESSION_OPENED, device, "192.0.2.1:9"), now)
              ? 1
              : 0;
      now = now.plusMillis(100);
    }
    assertThat(kept).isEqualTo(2000);
  }

  @Test
  void aDeviceWithManyReasonsDrivesNothingOutAndNobodyElseIntoSilence() {
    DeviceId hostile = DeviceId.of("pump-1");
    long kept = 0;
    Instant end = NOW.plus(Duration.ofHours(1));
    for (Instant now = NOW; now.isBefore(end); now = now.plusMillis(100)) {
      for (Reason reason :
          List.of(Reason.CBOR_TOO_DEEP, Reason.BODY_TOO_LARGE, Reason.JSON_SYNTAX)) {
        kept += gate.lets(refusedDevice(hostile, reason), now) ? 1 : 0;
      }
      kept += gate.due(now).size();
    }
    assertThat(kept).as("of 108 000").isBetween(200L, 250L);
    assertThat(gate.lets(refusedDevice(DeviceId.of("pump-2"), Reason.JSON_SYNTAX), end)).isTrue();
    assertThat(gate.rest(end))
        .singleElement()
        .satisfies(event -> assertThat(event.source()).endsWith(" request-refused of pump-1"));
  }

  @Test
  void moreDevicesThanThereIsRoomForAreCountedTogether() {
    int kept = 0;
    for (int i = 0; i < 20_000; i++) {
      DeviceId device = DeviceId.of("pump-" + i);
      kept +=
          gate.lets(
                  SecurityEvent.info(NOW, SecurityEvent.SESSION_OPENED, device, "192.0.2.1:9"), NOW)
              ? 1
              : 0;
    }
    assertThat(kept).isEqualTo(8192 + 100);
    assertThat(gate.rest(NOW)).map(SecurityEvent::source).containsExactly("11708 other of devices");
    assertThat(gate.due(NOW.plusSeconds(30))).isEmpty();
    assertThat(kept(1, refusedDevice(DeviceId.of("pump-30000"), Reason.JSON_SYNTAX))).isOne();
    assertThat(gate.rest(NOW.plusSeconds(30))).as("room again").isEmpty();
  }

  /** 64 MiB hold 400 000: a stranger must not drive out what happened before he came. */
  @Test
  void neitherAFloodNorATrickleFillsTheTrailInADay() {
    for (Duration pace : List.of(Duration.ofMillis(50), Duration.ofMillis(101))) {
      FloodGate fresh = new FloodGate();
      long kept = 0;
      Instant end = NOW.plus(Duration.ofDays(1));
      for (Instant now = NOW; now.isBefore(end); now = now.plus(pace)) {
        kept += fresh.due(now).size();
        kept += fresh.lets(refused(Reason.NO_CREDENTIAL), now) ? 1 : 0;
      }
      assertThat(kept).as("one each %s", pace).isBetween(2900L, 3100L);
    }
  }

  @Test
  void whatWasLeftOutIsToldAfterTenSecondsAndThenTwiceAsLateEachTime() {
    assertThat(kept(101, refused(Reason.NO_CREDENTIAL))).isEqualTo(100);
    assertThat(gate.due(NOW.plusMillis(9_999))).isEmpty();
    assertThat(gate.holdsBack()).isTrue();
    assertThat(gate.due(NOW.plusSeconds(10))).hasSize(1);
    assertThat(gate.holdsBack()).isFalse();
    assertThat(gate.due(NOW.plusSeconds(10))).isEmpty();

    assertThat(kept(2, refused(Reason.NO_CREDENTIAL))).isZero();
    assertThat(gate.due(NOW.plusSeconds(19))).isEmpty();
    assertThat(gate.due(NOW.plusSeconds(20)))
        .map(SecurityEvent::source)
        .containsExactly("2 peer-refused no-credential");

    assertThat(kept(1, refused(Reason.NO_CREDENTIAL))).isZero();
    assertThat(gate.due(NOW.minusSeconds(1))).as("the clock was set back").hasSize(1);
  }

  @Test
  void whoWasQuietForAnHourBeginsAnew() {
    assertThat(kept(101, refused(Reason.NO_CREDENTIAL))).isEqualTo(100);
    Instant later = NOW.plus(Duration.ofHours(1));
    assertThat(gate.due(later)).hasSize(1);

    int again = 0;
    for (int i = 0; i < 101; i++) {
      again += gate.lets(refused(Reason.NO_CREDENTIAL), later) ? 1 : 0;
    }
    assertThat(again).isEqualTo(100);
    assertThat(gate.due(later.plusSeconds(10))).as("told as soon as at first").hasSize(1);
  }

  @Test
  void whoInventsKindsGainsNoMemory() {
    int kept = 0;
    for (int i = 0; i < 100_000; i++) {
      kept += gate.lets(SecurityEvent.info(NOW, "kind" + i, null, "local"), NOW) ? 1 : 0;
    }
    assertThat(kept).isEqualTo(256 + 100);
    assertThat(gate.rest(NOW)).map(SecurityEvent::source).containsExactly("99644 other");
  }

  private int kept(int times, SecurityEvent event) {
    int kept = 0;
    for (int i = 0; i < times; i++) {
      kept += gate.lets(event, NOW) ? 1 : 0;
    }
    return kept;
  }

  private static SecurityEvent refusedDevice(DeviceId device, Reason reason) {
    return SecurityEvent.refusal(NOW, SecurityEvent.REQUEST_REFUSED, device, "session", reason);
  }

  private static SecurityEvent refused(Reason reason) {
    return new SecurityEvent(
        NOW,
        SecurityEvent.PEER_REFUSED,
        Severity.WARNING,
        Optional.empty(),
        "192.0.2.1:9",
        Optional.of(reason));
  }
}

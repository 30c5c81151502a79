// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.testkit.simulator.SensorKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the ward calls lost, and whom it calls refused. */
class JudgeTest {

  private static final Post AT_HEART =
      new Post(DeviceId.of("ambulance-01"), SensorKind.AMBULANCE_MONITOR, 1, false);
  private static final Post AT_GLUCOSE =
      new Post(DeviceId.of("glucose-01"), SensorKind.GLUCOSE_SENSOR, 1, false);
  private static final List<Post> WARD = List.of(AT_HEART, AT_GLUCOSE);
  private static final Measured HEART_RATE = measured("ambulance-01", "147842", "71.0");
  private static final Measured GLUCOSE = measured("glucose-01", "160212", "1.26");
  private static final List<Measured> BOTH = List.of(HEART_RATE, GLUCOSE);
  private static final List<Attempt> REFUSED =
      List.of(
          refused(1, Reason.NO_CREDENTIAL),
          refused(2, Reason.UNKNOWN_AUTHORITY),
          refused(3, Reason.CERTIFICATE_EXPIRED),
          refused(4, Reason.ROLE_NOT_ALLOWED));

  @Test
  void passesWhenAllIsStoredAndAllAreRefused() {
    Verdict verdict = Judge.judge(WARD, BOTH, BOTH, REFUSED);

    assertThat(verdict.lastLine()).isEqualTo("ward: devices=2 readings=2 lost=0 refused=4/4");
    assertThat(verdict.exitCode()).isZero();
  }

  @Test
  void callsAReadingLostThatIsNotInTheFile() {
    Verdict verdict = Judge.judge(WARD, BOTH, List.of(GLUCOSE), REFUSED);

    assertThat(verdict.lastLine()).isEqualTo("ward: devices=1 readings=1 lost=1 refused=4/4");
    assertThat(verdict.exitCode()).isEqualTo(1);
    assertThat(verdict.faults())
        .containsExactly(
            "silent: ambulance-01", "lost: ambulance-01 role 147842 mg/dL 2026-01-01T00:00:00Z");
  }

  @Test
  void callsAReadingLostWhoseValueChangedOnTheWay() {
    Measured changed = measured("ambulance-01", "147842", "72.0");

    Verdict verdict = Judge.judge(WARD, BOTH, List.of(changed, GLUCOSE), REFUSED);

    assertThat(verdict.lost()).isEqualTo(1);
    assertThat(verdict.exitCode()).isEqualTo(1);
  }

  @Test
  void callsOneOfTwoEqualReadingsLostIfTheFileHoldsOne() {
    Verdict verdict =
        Judge.judge(List.of(AT_GLUCOSE), List.of(GLUCOSE, GLUCOSE), List.of(GLUCOSE), REFUSED);

    assertThat(verdict.lost()).isEqualTo(1);
  }

  @Test
  void allowsACopyThatARepetitionOverTheCutLinkLeft() {
    Verdict verdict = Judge.judge(WARD, BOTH, List.of(HEART_RATE, GLUCOSE, HEART_RATE), REFUSED);

    assertThat(verdict.again()).isEqualTo(1);
    assertThat(verdict.readings()).isEqualTo(2);
    assertThat(verdict.exitCode()).isZero();
  }

  @Test
  void failsForCopiesFromADeviceWhoseLinkWasNeverCut() {
    List<Measured> stored = List.of(HEART_RATE, GLUCOSE, GLUCOSE, GLUCOSE, GLUCOSE, GLUCOSE);

    Verdict verdict = Judge.judge(WARD, BOTH, stored, REFUSED);

    assertThat(verdict.lastLine()).isEqualTo("ward: devices=2 readings=2 lost=0 refused=4/4");
    assertThat(verdict.exitCode()).isEqualTo(1);
    assertThat(verdict.again()).isZero();
    assertThat(verdict.faults())
        .containsExactly(
            "stored more often than measured, without a cut link:"
                + " glucose-01 role 160212 mg/dL 2026-01-01T00:00:00Z");
  }

  @Test
  void callsAReadingLostWhoseUnitChangedOnTheWay() {
    Measured changed =
        new Measured("glucose-01", "role", "160212", GLUCOSE.time(), "mmol/L", GLUCOSE.value());

    Verdict verdict = Judge.judge(WARD, BOTH, List.of(HEART_RATE, changed), REFUSED);

    assertThat(verdict.lost()).isEqualTo(1);
    assertThat(verdict.exitCode()).isEqualTo(1);
  }

  @Test
  void failsWhenNothingWasMeasuredAndNothingStored() {
    Verdict verdict = Judge.judge(WARD, List.of(), List.of(), REFUSED);

    assertThat(verdict.lastLine()).isEqualTo("ward: devices=0 readings=0 lost=0 refused=4/4");
    assertThat(verdict.exitCode()).isEqualTo(1);
    assertThat(verdict.faults()).containsExactly("silent: ambulance-01", "silent: glucose-01");
  }

  @Test
  void failsWithoutAnyReadingEvenIfNoFaultWasFound() {
    assertThat(new Verdict(0, 0, 0, 4, 4, 0, List.of()).exitCode()).isEqualTo(1);
  }

  @Test
  void countsTheDevicesInTheFileAndNamesTheSilentOne() {
    Verdict verdict = Judge.judge(WARD, List.of(GLUCOSE), List.of(GLUCOSE), REFUSED);

    assertThat(verdict.lastLine()).isEqualTo("ward: devices=1 readings=1 lost=0 refused=4/4");
    assertThat(verdict.exitCode()).isEqualTo(1);
    assertThat(verdict.faults()).containsExactly("silent: ambulance-01");
  }

  @Test
  void failsWhenNoIntruderTried() {
    Verdict verdict = Judge.judge(WARD, BOTH, BOTH, List.of());

    assertThat(verdict.exitCode()).isEqualTo(1);
    assertThat(verdict.faults()).containsExactly("0 intruders tried, not 4");
  }

  @Test
  void failsWhenAnyButFourIntrudersTried() {
    List<Attempt> five = new ArrayList<>(REFUSED);
    five.add(refused(5, Reason.NO_CREDENTIAL));

    assertThat(Judge.judge(WARD, BOTH, BOTH, REFUSED.subList(0, 3)).exitCode()).isEqualTo(1);
    assertThat(Judge.judge(WARD, BOTH, BOTH, five).exitCode()).isEqualTo(1);
    assertThat(new Verdict(2, 2, 0, 3, 3, 0, List.of()).exitCode()).isEqualTo(1);
  }

  @Test
  void failsForAReadingThatNobodyMeasured() {
    Measured forged = measured("pump-01", "157864", "999.0");

    Verdict verdict = Judge.judge(WARD, BOTH, List.of(HEART_RATE, GLUCOSE, forged), REFUSED);

    assertThat(verdict.lost()).isZero();
    assertThat(verdict.exitCode()).isEqualTo(1);
  }

  @Test
  void failsForAnIntruderThatWasAnsweredWithSuccess() {
    Attempt accepted =
        new Attempt(
            "glucose sensor as pump",
            "intruder-4",
            Reason.ROLE_NOT_ALLOWED,
            Optional.of(Reason.ROLE_NOT_ALLOWED),
            true);

    Verdict verdict = Judge.judge(WARD, BOTH, BOTH, withLast(accepted));

    assertThat(verdict.lastLine()).isEqualTo("ward: devices=2 readings=2 lost=0 refused=3/4");
    assertThat(verdict.exitCode()).isEqualTo(1);
  }

  @Test
  void failsForAnIntruderWhoseReadingWasStored() {
    List<Measured> stored = new ArrayList<>(BOTH);
    stored.add(measured("glucose-66", "intruder-4", "999.0"));

    Verdict verdict = Judge.judge(WARD, BOTH, stored, REFUSED);

    assertThat(verdict.refused()).isEqualTo(3);
    assertThat(verdict.exitCode()).isEqualTo(1);
  }

  @Test
  void failsForAnIntruderThatTheGatewayToldNothingOf() {
    Attempt untold =
        new Attempt("somebody", "intruder-4", Reason.ROLE_NOT_ALLOWED, Optional.empty(), false);

    Verdict verdict = Judge.judge(WARD, BOTH, BOTH, withLast(untold));

    assertThat(verdict.refused()).isEqualTo(3);
    assertThat(verdict.exitCode()).isEqualTo(1);
  }

  @Test
  void failsForAnIntruderRefusedForAnotherReason() {
    Attempt other =
        new Attempt(
            "somebody",
            "intruder-4",
            Reason.ROLE_NOT_ALLOWED,
            Optional.of(Reason.DEVICE_NOT_REGISTERED),
            false);

    Verdict verdict = Judge.judge(WARD, BOTH, BOTH, withLast(other));

    assertThat(verdict.refused()).isEqualTo(3);
    assertThat(verdict.faults())
        .containsExactly("somebody: told as device-not-registered, not role-not-allowed");
  }

  private static List<Attempt> withLast(Attempt last) {
    List<Attempt> attempts = new ArrayList<>(REFUSED.subList(0, 3));
    attempts.add(last);
    return attempts;
  }

  private static Attempt refused(int number, Reason reason) {
    return new Attempt("nobody", "intruder-" + number, reason, Optional.of(reason), false);
  }

  private static Measured measured(String device, String code, String value) {
    return new Measured(device, "role", code, "2026-01-01T00:00:00Z", "mg/dL", value);
  }
}

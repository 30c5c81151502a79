// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the ward calls lost, and whom it calls refused. */
class JudgeTest {

  private static final Measured HEART_RATE = measured("ecg-01", "147842", "71.0");
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
    Verdict verdict = Judge.judge(2, BOTH, BOTH, REFUSED);

    assertThat(verdict.lastLine()).isEqualTo("ward: devices=2 readings=2 lost=0 refused=4/4");
    assertThat(verdict.exitCode()).isZero();
  }

  @Test
  void callsAReadingLostThatIsNotInTheFile() {
    Verdict verdict = Judge.judge(2, BOTH, List.of(GLUCOSE), REFUSED);

    assertThat(verdict.lastLine()).isEqualTo("ward: devices=2 readings=1 lost=1 refused=4/4");
    assertThat(verdict.exitCode()).isEqualTo(1);
    assertThat(verdict.faults())
        .containsExactly("lost: ecg-01 role 147842 mg/dL 2026-01-01T00:00:00Z");
  }

  @Test
  void callsAReadingLostWhoseValueChangedOnTheWay() {
    Measured changed = measured("ecg-01", "147842", "72.0");

    Verdict verdict = Judge.judge(2, BOTH, List.of(changed, GLUCOSE), REFUSED);

    assertThat(verdict.lost()).isEqualTo(1);
    assertThat(verdict.exitCode()).isEqualTo(1);
  }

  @Test
  void callsOneOfTwoEqualReadingsLostIfTheFileHoldsOne() {
    Verdict verdict = Judge.judge(1, List.of(GLUCOSE, GLUCOSE), List.of(GLUCOSE), REFUSED);

    assertThat(verdict.lost()).isEqualTo(1);
  }

  @Test
  void allowsACopyThatARepetitionLeft() {
    Verdict verdict = Judge.judge(2, BOTH, List.of(GLUCOSE, HEART_RATE, GLUCOSE), REFUSED);

    assertThat(verdict.again()).isEqualTo(1);
    assertThat(verdict.readings()).isEqualTo(2);
    assertThat(verdict.exitCode()).isZero();
  }

  @Test
  void failsForAReadingThatNobodyMeasured() {
    Measured forged = measured("pump-01", "157864", "999.0");

    Verdict verdict = Judge.judge(2, BOTH, List.of(HEART_RATE, GLUCOSE, forged), REFUSED);

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

    Verdict verdict = Judge.judge(2, BOTH, BOTH, withLast(accepted));

    assertThat(verdict.lastLine()).isEqualTo("ward: devices=2 readings=2 lost=0 refused=3/4");
    assertThat(verdict.exitCode()).isEqualTo(1);
  }

  @Test
  void failsForAnIntruderWhoseReadingWasStored() {
    List<Measured> stored = new ArrayList<>(BOTH);
    stored.add(measured("glucose-66", "intruder-4", "999.0"));

    Verdict verdict = Judge.judge(2, BOTH, stored, REFUSED);

    assertThat(verdict.refused()).isEqualTo(3);
    assertThat(verdict.exitCode()).isEqualTo(1);
  }

  @Test
  void failsForAnIntruderThatTheGatewayToldNothingOf() {
    Attempt untold =
        new Attempt("somebody", "intruder-4", Reason.ROLE_NOT_ALLOWED, Optional.empty(), false);

    Verdict verdict = Judge.judge(2, BOTH, BOTH, withLast(untold));

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

    Verdict verdict = Judge.judge(2, BOTH, BOTH, withLast(other));

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

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.time;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.Reason;
import io.wardgate.fixtures.ObedientClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A clock is believed as far as it can be, and what is known to be past stays past. */
class TrustedClockTest {

  private static final Instant BUILT = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  private final ObedientClock system = ObedientClock.at(NOON.toString());
  private final AtomicLong nanos = new AtomicLong(-7);
  private final TimeFloor floor = TimeFloor.inMemory();
  private final List<ClockState> told = new ArrayList<>();

  @Test
  void followsASystemThatMakesSense() throws Exception {
    TrustedClock clock = start();
    assertThat(clock.read()).isEqualTo(ClockReading.synced(NOON));
    pass(DAY);
    assertThat(clock.read()).isEqualTo(ClockReading.synced(NOON.plus(DAY)));
    assertThat(told).isEmpty();
  }

  @Test
  void withoutAnyTimeKnowsOnlyWhenItWasBuilt() throws Exception {
    setSystem(Instant.EPOCH);
    TrustedClock clock = start();
    assertThat(clock.read()).isEqualTo(new ClockReading(ClockState.UNSET, BUILT));
    nanos.addAndGet(DAY.toNanos());
    assertThat(clock.read()).isEqualTo(new ClockReading(ClockState.UNSET, BUILT.plus(DAY)));
    assertThat(told).containsExactly(ClockState.UNSET);
    assertThat(floor.epochSecond()).isEmpty();
  }

  @Test
  void afterARestartWithoutTimeKnowsABound() throws Exception {
    start().close();
    setSystem(Instant.EPOCH);
    TrustedClock clock = start();
    assertThat(clock.read()).isEqualTo(new ClockReading(ClockState.LOWER_BOUND, NOON));
  }

  @Test
  void aSystemThatIsSetBackIsNotBelievedUntilItComesToItsSenses() throws Exception {
    TrustedClock clock = start();
    assertThat(clock.read().state()).isEqualTo(ClockState.SYNCED);
    system.advance(TrustedClock.TOLERANCE.negated());
    assertThat(clock.read().state()).isEqualTo(ClockState.SYNCED);
    system.advance(Duration.ofSeconds(-1));
    assertThat(clock.read()).isEqualTo(new ClockReading(ClockState.LOWER_BOUND, NOON));
    system.advance(TrustedClock.TOLERANCE.plusSeconds(1));
    assertThat(clock.read().state()).isEqualTo(ClockState.SYNCED);
    assertThat(told).containsExactly(ClockState.LOWER_BOUND, ClockState.SYNCED);
  }

  @Test
  void aLeapFarAheadIsNotBelievedAndDoesNotRaiseTheBound() throws Exception {
    TrustedClock clock = start();
    assertThat(clock.read().state()).isEqualTo(ClockState.SYNCED);
    system.advance(TrustedClock.LONGEST_STEP.plusSeconds(1));
    assertThat(clock.read()).isEqualTo(new ClockReading(ClockState.LOWER_BOUND, NOON));
    system.advance(TrustedClock.LONGEST_STEP.plusSeconds(1).negated());
    assertThat(clock.read()).isEqualTo(ClockReading.synced(NOON));
    assertThat(floor.epochSecond()).hasValue(NOON.getEpochSecond());
  }

  @Test
  void leapsDoNotAddUp() throws Exception {
    TrustedClock clock = start();
    assertThat(clock.read().state()).isEqualTo(ClockState.SYNCED);
    system.advance(TrustedClock.LONGEST_STEP);
    assertThat(clock.read().state()).isEqualTo(ClockState.SYNCED);
    system.advance(DAY);
    assertThat(clock.read()).isEqualTo(new ClockReading(ClockState.LOWER_BOUND, NOON));
  }

  @Test
  void aLeapThatIsTakenBackHasLockedNobodyOut() throws Exception {
    TrustedClock clock = start();
    assertThat(clock.read().state()).isEqualTo(ClockState.SYNCED);
    system.advance(DAY.multipliedBy(399));
    assertThat(clock.read()).isEqualTo(ClockReading.synced(NOON.plus(DAY.multipliedBy(399))));
    system.advance(DAY.multipliedBy(-399));
    assertThat(clock.read()).isEqualTo(ClockReading.synced(NOON));
    clock.close();
    assertThat(floor.epochSecond()).hasValue(NOON.getEpochSecond());
  }

  @Test
  void theBoundFollowsALeapAWeekAtATime() throws Exception {
    TrustedClock clock = start();
    assertThat(clock.read().state()).isEqualTo(ClockState.SYNCED);
    system.advance(DAY.multipliedBy(300));
    for (int hour = 1; hour <= 3; hour++) {
      pass(TrustedClock.KEPT_EVERY);
      assertThat(clock.read().state()).isEqualTo(ClockState.SYNCED);
      assertThat(clock.read().state()).isEqualTo(ClockState.SYNCED);
    }
    Instant bound =
        NOON.plus(TrustedClock.KEPT_EVERY.plus(TrustedClock.LONGEST_RISE).multipliedBy(3));
    assertThat(floor.epochSecond()).hasValue(bound.getEpochSecond());
    system.advance(DAY.multipliedBy(-300));
    assertThat(clock.read()).isEqualTo(new ClockReading(ClockState.LOWER_BOUND, bound));
    system.advance(TrustedClock.LONGEST_RISE.multipliedBy(3));
    assertThat(clock.read().state()).isEqualTo(ClockState.SYNCED);
  }

  @Test
  void aGatewayThatIsOnAnHourAWeekKeepsUp() throws Exception {
    for (int week = 0; week < 150; week++) {
      TrustedClock clock = start();
      assertThat(clock.read().state()).as("week %d", week).isEqualTo(ClockState.SYNCED);
      pass(TrustedClock.KEPT_EVERY);
      clock.close();
      system.advance(Duration.ofDays(7).minus(TrustedClock.KEPT_EVERY));
    }
  }

  @Test
  void aFirstStartLongAfterTheSoftwareWasBuiltIsNotBelieved() throws Exception {
    setSystem(BUILT.plus(TrustedClock.LONGEST_FIRST_STEP).plusSeconds(1));
    TrustedClock clock = start();
    assertThat(clock.read()).isEqualTo(new ClockReading(ClockState.UNSET, BUILT));
    assertThat(floor.epochSecond()).isEmpty();
    system.advance(Duration.ofSeconds(-1));
    assertThat(clock.read().state()).isEqualTo(ClockState.SYNCED);
  }

  @Test
  void aSystemThatHealsAfterItWasSyncedIsNotCountedTwice() throws Exception {
    start().close();
    system.advance(DAY.multipliedBy(-30));
    TrustedClock clock = start();
    assertThat(clock.read().state()).isEqualTo(ClockState.LOWER_BOUND);
    clock.sync(NOON.plus(DAY));
    assertThat(clock.read()).isEqualTo(ClockReading.synced(NOON.plus(DAY)));
    system.advance(DAY.multipliedBy(9));
    assertThat(clock.read()).as("still wrong").isEqualTo(ClockReading.synced(NOON.plus(DAY)));
    system.advance(DAY.multipliedBy(22).plusSeconds(1));
    assertThat(clock.read()).isEqualTo(ClockReading.synced(NOON.plus(DAY).plusSeconds(1)));
    system.advance(DAY);
    assertThat(clock.read()).as("followed again").isEqualTo(ClockReading.synced(system.instant()));
  }

  @Test
  void aGatewayThatLayInStoreForAYearIsBelieved() throws Exception {
    start().close();
    system.advance(Duration.ofDays(365));
    assertThat(start().read().state()).isEqualTo(ClockState.SYNCED);
  }

  @Test
  void isSetBySomebodyWhoMaySaySo() throws Exception {
    start().close();
    setSystem(Instant.EPOCH);
    TrustedClock clock = start();
    assertThat(clock.read().state()).isEqualTo(ClockState.LOWER_BOUND);
    clock.sync(NOON.plus(DAY));
    assertThat(clock.read()).isEqualTo(ClockReading.synced(NOON.plus(DAY)));
    assertThat(floor.epochSecond()).hasValue(NOON.plus(DAY).getEpochSecond());
    assertThat(reasonOf(() -> clock.sync(NOON.plusSeconds(1)))).isEqualTo(Reason.TIME_NOT_BELIEVED);
    pass(DAY);
    assertThat(clock.read()).isEqualTo(ClockReading.synced(NOON.plus(DAY).plus(DAY)));
    assertThat(told).containsExactly(ClockState.LOWER_BOUND, ClockState.SYNCED);
  }

  @Test
  void isNeverSetBackNorFarAhead() throws Exception {
    TrustedClock clock = start();
    assertThat(clock.read().state()).isEqualTo(ClockState.SYNCED);
    assertThat(reasonOf(() -> clock.sync(NOON.minus(DAY)))).isEqualTo(Reason.TIME_NOT_BELIEVED);
    assertThat(reasonOf(() -> clock.sync(NOON.plus(TrustedClock.LONGEST_STEP).plusSeconds(1))))
        .isEqualTo(Reason.TIME_NOT_BELIEVED);
    assertThat(clock.read()).isEqualTo(ClockReading.synced(NOON));
  }

  @Test
  void keepsItsBoundOnceAnHourAndNoOftener() throws Exception {
    List<Long> kept = new ArrayList<>();
    TimeFloor counting =
        new TimeFloor() {
          @Override
          public OptionalLong epochSecond() {
            return OptionalLong.empty();
          }

          @Override
          public void raise(long epochSecond) {
            kept.add(epochSecond);
          }
        };
    TrustedClock clock = start(counting);
    for (int i = 0; i <= 120; i++) {
      assertThat(clock.read().state()).isEqualTo(ClockState.SYNCED);
      pass(Duration.ofMinutes(1));
    }
    assertThat(kept).hasSize(3);
  }

  @Test
  void goesOnWhenItsBoundCannotBeKept() throws Exception {
    TimeFloor broken =
        new TimeFloor() {
          @Override
          public OptionalLong epochSecond() {
            return OptionalLong.empty();
          }

          @Override
          public void raise(long epochSecond) throws IOException {
            throw new IOException("as the test wants it");
          }
        };
    assertThat(start(broken).read()).isEqualTo(ClockReading.synced(NOON));
  }

  @Test
  void byDecreeIsRightWhateverHappens() {
    TrustedClock clock = TrustedClock.synced(system);
    setSystem(Instant.EPOCH);
    assertThat(clock.read()).isEqualTo(ClockReading.synced(Instant.EPOCH));
  }

  private void pass(Duration time) {
    system.advance(time);
    nanos.addAndGet(time.toNanos());
  }

  private void setSystem(Instant time) {
    system.advance(Duration.between(system.instant(), time));
  }

  private TrustedClock start() throws IOException {
    return start(floor);
  }

  private TrustedClock start(TimeFloor kept) throws IOException {
    return TrustedClock.following(system, nanos::get, BUILT, kept, Runnable::run, told::add);
  }
}

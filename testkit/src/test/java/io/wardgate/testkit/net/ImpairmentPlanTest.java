// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.wardgate.testkit.net.ImpairmentPlan.Fate;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ImpairmentPlanTest {

  private static final Impairment BAD =
      Impairment.none()
          .losing(0.1)
          .duplicating(0.2)
          .reordering(0.3)
          .corrupting(0.05)
          .delaying(Duration.ofMillis(5), Duration.ofMillis(25));

  @Test
  void theSameSeedDecidesTheSameInWhateverOrderItIsAsked() {
    ImpairmentPlan forwards = new ImpairmentPlan(7, BAD);
    ImpairmentPlan backwards = new ImpairmentPlan(7, BAD);
    List<Fate> expected = fates(forwards);
    for (int number = 999; number >= 0; number--) {
      assertThat(backwards.fate(Direction.TO_TARGET, number)).isEqualTo(expected.get(number));
    }
  }

  @Test
  void seedsAndDirectionsDiffer() {
    List<Fate> fates = fates(new ImpairmentPlan(7, BAD));
    assertThat(fates(new ImpairmentPlan(8, BAD))).isNotEqualTo(fates);
    assertThat(
            LongStream.range(0, 1_000)
                .mapToObj(number -> new ImpairmentPlan(7, BAD).fate(Direction.TO_CLIENT, number)))
        .isNotEqualTo(fates);
  }

  @Test
  void harmHappensAsOftenAsItsProbabilitySays() {
    ImpairmentPlan plan = new ImpairmentPlan(1, BAD);
    assertThat(share(plan, Fate::lost)).isBetween(0.09, 0.11);
    assertThat(share(plan, fate -> fate.delays().size() == 2)).isBetween(0.17, 0.19);
    assertThat(share(plan, Fate::overtaken)).isBetween(0.255, 0.285);
    assertThat(share(plan, fate -> fate.flippedBit().isPresent())).isBetween(0.038, 0.052);
  }

  @Test
  void delaysStayWithinTheirSpan() {
    assertThat(fates(new ImpairmentPlan(2, BAD)).stream().flatMap(fate -> fate.delays().stream()))
        .allMatch(delay -> delay.toMillis() >= 5 && delay.toMillis() < 25)
        .doesNotHaveDuplicates();
  }

  @Test
  void aHarmlessPlanLeavesEveryDatagramAlone() {
    assertThat(fates(ImpairmentPlan.harmless()))
        .allMatch(
            fate ->
                fate.delays().equals(List.of(Duration.ZERO))
                    && !fate.overtaken()
                    && fate.flippedBit().isEmpty());
  }

  @Test
  void moreLossDoesNotChangeTheOtherFates() {
    ImpairmentPlan clean = new ImpairmentPlan(3, Impairment.none().duplicating(0.5));
    ImpairmentPlan lossy = new ImpairmentPlan(3, Impairment.none().duplicating(0.5).losing(0.2));
    List<Fate> withLoss = fates(lossy);
    List<Fate> without = fates(clean);
    for (int i = 0; i < withLoss.size(); i++) {
      assertThat(withLoss.get(i).lost() || withLoss.get(i).equals(without.get(i))).isTrue();
    }
  }

  @Test
  void refusesWhatIsNoNetwork() {
    assertThatIllegalArgumentException().isThrownBy(() -> Impairment.none().losing(1.01));
    assertThatIllegalArgumentException().isThrownBy(() -> Impairment.none().corrupting(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> Impairment.none().reordering(-0.1));
    Duration second = Duration.ofSeconds(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Impairment.none().delaying(second, Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Impairment.none().delaying(second.negated(), second));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Impairment.none().delaying(second, Duration.ofMinutes(2)));
  }

  private static List<Fate> fates(ImpairmentPlan plan) {
    return LongStream.range(0, 1_000)
        .mapToObj(number -> plan.fate(Direction.TO_TARGET, number))
        .toList();
  }

  private static double share(ImpairmentPlan plan, Predicate<Fate> harm) {
    return LongStream.range(0, 20_000)
            .mapToObj(number -> plan.fate(Direction.TO_TARGET, number))
            .filter(harm)
            .count()
        / 20_000.0;
  }
}

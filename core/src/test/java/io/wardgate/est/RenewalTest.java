// SPDX-License-Identifier: Apache-2.0
package io.wardgate.est;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.TestPki;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A certificate is renewed in time, and not with all others. */
class RenewalTest {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LIFE = Duration.ofDays(360);

  private final Authority authority = TestPki.authority("Operator");

  @Test
  void isDueBetweenTwoThirdsAndThreeQuartersOfALife() {
    List<Instant> due = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      X509Certificate certificate = certificate("pump-" + i, LIFE);
      due.add(Renewal.dueAt(certificate));
      assertThat(Renewal.dueAt(certificate)).isEqualTo(due.get(i));
    }
    assertThat(due)
        .allMatch(moment -> !moment.isBefore(BEGIN.plus(Duration.ofDays(240))))
        .allMatch(moment -> moment.isBefore(BEGIN.plus(Duration.ofDays(270))))
        .doesNotHaveDuplicates();
    // Of 50, none of six equal parts of a month is left out, but for once in some thousands.
    assertThat(due.stream().map(moment -> Duration.between(BEGIN, moment).toDays() / 6).distinct())
        .hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void anHourAndTenThousandYearsAreLivesToo() {
    assertThat(Renewal.dueAt(certificate("pump-1", Duration.ofHours(1))))
        .isBetween(BEGIN.plusSeconds(2400), BEGIN.plusSeconds(2700));
    assertThat(Renewal.dueAt(certificate("pump-1", Duration.ofDays(365L * 7900))))
        .isAfter(BEGIN.plus(Duration.ofDays(365L * 5000)));
  }

  private X509Certificate certificate(String serial, Duration life) {
    return authority.device(serial).validFrom(BEGIN).validTo(BEGIN.plus(life)).issue().leaf();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.fixtures.Provision;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who keeps failing is slowed down, and nobody else. */
class AttemptsTest {

  private static final String NAME = "pump-1";

  private final AtomicLong nanos = new AtomicLong(-3);
  private final Attempts attempts = new Attempts(nanos::get);
  private final InetSocketAddress attacker = at("192.0.2.7", 1000);

  @Test
  @Provision("5.1-5")
  void aFewFailuresAreFreeThenThePauseDoubles() {
    for (int i = 0; i < Attempts.FREE; i++) {
      assertThat(attempts.begin(NAME, attacker)).isTrue();
      attempts.failed(NAME, attacker);
    }
    for (long seconds : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      assertThat(attempts.begin(NAME, attacker)).as("%d s", seconds).isFalse();
      pass(TimeUnit.SECONDS.toNanos(seconds) - 1);
      assertThat(attempts.begin(NAME, attacker)).as("just before %d s", seconds).isFalse();
      pass(1);
      assertThat(attempts.begin(NAME, attacker)).as("after %d s", seconds).isTrue();
      attempts.failed(NAME, attacker);
    }
  }

  @Test
  @Provision("5.1-5")
  void nobodyElseIsSlowedDown() {
    failOften();
    assertThat(attempts.begin(NAME, at("192.0.2.8", 1000))).isTrue();
    assertThat(attempts.begin("pump-2", attacker)).isTrue();
  }

  @Test
  void anotherPortOrAnotherAddressOfOneNetworkIsTheSameSource() {
    failOften();
    assertThat(attempts.begin(NAME, at("192.0.2.7", 2000))).isFalse();
    for (int i = 0; i < Attempts.FREE; i++) {
      attempts.failed(NAME, at("2001:db8:1:2::" + i, 1));
    }
    assertThat(attempts.begin(NAME, at("2001:db8:1:2:ffff::9", 1))).isFalse();
    assertThat(attempts.begin(NAME, at("2001:db8:1:3::1", 1))).isTrue();
  }

  @Test
  void isForgottenBySuccessAndByTime() {
    failOften();
    attempts.succeeded(NAME, attacker);
    assertThat(attempts.begin(NAME, attacker)).isTrue();
    failOften();
    pass(2 * Attempts.LONGEST_NANOS + 1);
    attempts.failed(NAME, attacker);
    assertThat(attempts.begin(NAME, attacker)).isTrue();
  }

  @Test
  @Provision("5.1-5")
  void whoGuessesManyTimesAtOnceGuessesNoMoreOften() {
    for (int i = 0; i < Attempts.FREE; i++) {
      assertThat(attempts.begin(NAME, attacker)).isTrue();
    }
    assertThat(attempts.begin(NAME, attacker)).as("all under way").isFalse();
    assertThat(attempts.begin(NAME, at("192.0.2.8", 1))).as("from elsewhere").isTrue();
    for (int i = 0; i < Attempts.FREE; i++) {
      attempts.failed(NAME, attacker);
    }
    pass(TimeUnit.SECONDS.toNanos(1));
    assertThat(attempts.begin(NAME, attacker)).isTrue();
    assertThat(attempts.begin(NAME, attacker)).as("one at a time from now on").isFalse();
    attempts.succeeded(NAME, attacker);
    assertThat(attempts.begin(NAME, attacker)).isTrue();
  }

  @Test
  void whatCannotBeGuessedLocksNobodyOutWhileItIsUnderWay() {
    for (int i = 0; i < 100; i++) {
      assertThat(attempts.mayTry(NAME, attacker)).isTrue();
    }
  }

  @Test
  void anAttemptThatIsNeverHeardOfAgainLocksNobodyOut() {
    for (int i = 0; i < Attempts.FREE; i++) {
      assertThat(attempts.begin(NAME, attacker)).isTrue();
    }
    pass(Attempts.LONGEST_NANOS + 1);
    assertThat(attempts.begin(NAME, attacker)).isTrue();
  }

  @Test
  void remembersNoMoreThanItsShare() {
    failOften();
    for (int i = 0; i < Attempts.REMEMBERED; i++) {
      attempts.failed("other-" + i, attacker);
    }
    assertThat(attempts.begin(NAME, attacker)).isTrue();
  }

  private void failOften() {
    for (int i = 0; i < Attempts.FREE; i++) {
      attempts.failed(NAME, attacker);
    }
    assertThat(attempts.begin(NAME, attacker)).isFalse();
  }

  private void pass(long time) {
    nanos.addAndGet(time);
  }

  private static InetSocketAddress at(String address, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(address), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.exchange.SavedSessions;
import io.wardgate.fixtures.Provision;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every keeper of sessions does. */
abstract class SavedSessionsContract {

  private static final DeviceId ONE = DeviceId.of("one");
  private static final DeviceId TWO = DeviceId.of("two");
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

  abstract SavedSessions sessions();

  @Test
  void aSessionIsFoundByItsId() {
    sessions().keep(ONE, id(1), secret(1), NOON);
    sessions().keep(TWO, id(2), secret(2), NOON);
    assertThat(sessions().find(id(1))).contains(secret(1));
    assertThat(sessions().find(id(2))).contains(secret(2));
    assertThat(sessions().find(id(3))).isEmpty();
  }

  @Test
  void theLatestTakesThePlaceOfTheOneBefore() {
    sessions().keep(ONE, id(1), secret(1), NOON);
    sessions().keep(ONE, id(2), secret(2), NOON);
    assertThat(sessions().find(id(1))).isEmpty();
    assertThat(sessions().find(id(2))).contains(secret(2));
    sessions().keep(ONE, id(2), secret(3), NOON);
    assertThat(sessions().find(id(2))).contains(secret(3));
  }

  @Test
  void oneIsForgottenByItsIdOrItsDevice() {
    sessions().keep(ONE, id(1), secret(1), NOON);
    sessions().keep(TWO, id(2), secret(2), NOON);
    sessions().forget(id(3));
    sessions().forget(DeviceId.of("three"));
    sessions().forget(id(1));
    assertThat(sessions().find(id(1))).isEmpty();
    assertThat(sessions().find(id(2))).isPresent();
    sessions().forget(TWO);
    assertThat(sessions().find(id(2))).isEmpty();
  }

  @Test
  @Provision("5.4-1")
  void whatIsOfNoUseAnyMoreIsPurged() {
    sessions().keep(ONE, id(1), secret(1), NOON);
    sessions().keep(TWO, id(2), secret(2), NOON.plusSeconds(60));
    sessions().purge(NOON);
    assertThat(sessions().find(id(1))).isPresent();
    sessions().purge(NOON.plusSeconds(1));
    assertThat(sessions().find(id(1))).isEmpty();
    assertThat(sessions().find(id(2))).isPresent();
  }

  static byte[] id(int number) {
    byte[] id = new byte[SavedSessions.ID_BYTES];
    id[31] = (byte) number;
    return id;
  }

  static byte[] secret(int number) {
    return ("secret " + number).getBytes(UTF_8);
  }
}

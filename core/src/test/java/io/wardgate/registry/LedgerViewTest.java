// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.LedgerView.Change;
import io.wardgate.state.Standing;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerViewTest {

  private final ObedientClock clock = ObedientClock.at("2026-11-23T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final DeviceId PUMP = DeviceId.of("pump-1");
  private static final DeviceId TAG = DeviceId.of("a-tag");

  @TempDir private Path folder;
  private final StateKeys keys = StateKeys.generate(clock, RANDOM);
  private LedgerRegistry ledger;

  @BeforeEach
  void create() throws Exception {
    ledger = LedgerRegistry.create(folder, keys, clock, RANDOM);
    IssuedCredential key = new IssuedKey(new KeyFingerprint("7".repeat(64)));
    ledger.certified(PUMP, key);
    ledger.register(new Registration(PUMP, Role.INFUSION_PUMP, clock.instant()).with(key));
    ledger.register(new Registration(TAG, Role.ASSET_TAG, clock.instant()));
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  void showsWhatTheOpenLedgerKnowsWithoutItsLock() throws Exception {
    ledger.suspend(PUMP, Cause.MAINTENANCE);

    LedgerView view = LedgerView.of(folder, keys, clock, RANDOM);

    assertThat(view.all()).extracting(Registration::device).containsExactly(TAG, PUMP);
    assertThat(view.find(PUMP)).isEqualTo(ledger.find(PUMP));
    assertThat(view.ledgerId()).isEqualTo(ledger.ledgerId());
    assertThat(view.epoch()).isEqualTo(1);
    assertThat(view.report().standing()).isEqualTo(Standing.SOUND);
    assertThat(view.history()).isEmpty();
  }

  @Test
  void tellsWhatHappenedToOneDeviceInOrderAndWhy() throws Exception {
    clock.set(Instant.parse("2026-11-24T12:00:00Z"));
    ledger.suspend(PUMP, Cause.MAINTENANCE);
    ledger.resume(PUMP);
    ledger.revoke(TAG, Cause.LOST);
    ledger.revoke(PUMP, Cause.STOLEN);

    List<Change> history = LedgerView.of(folder, keys, clock, RANDOM, PUMP).history();

    assertThat(history)
        .extracting(Change::entry)
        .containsExactly("certified", "registered", "suspended", "resumed", "revoked");
    assertThat(history)
        .extracting(Change::cause)
        .containsExactly(
            Optional.empty(),
            Optional.empty(),
            Optional.of(Cause.MAINTENANCE),
            Optional.empty(),
            Optional.of(Cause.STOLEN));
    assertThat(history.get(2).time()).isEqualTo(clock.instant());
    assertThat(history).extracting(Change::sequence).isSorted();
  }

  @Test
  void aRestoredLedgerIsInItsNextEpoch() throws Exception {
    ledger.restored();

    assertThat(LedgerView.of(folder, keys, clock, RANDOM).epoch()).isEqualTo(2);
  }
}

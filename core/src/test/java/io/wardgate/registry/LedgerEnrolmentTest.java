// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.keys.StateKeys;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the ledger itself refuses, whoever asks it to write down an enrolment. */
class LedgerEnrolmentTest {

  private static final ObedientClock CLOCK = ObedientClock.at("2026-11-27T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final DeviceId PUMP = DeviceId.of("pump-1");
  private static final DeviceId OTHER = DeviceId.of("pump-2");
  private static final KeyFingerprint IDEVID = DeviceRegistryContract.key(1);

  @TempDir private Path folder;
  private final StateKeys keys = StateKeys.generate(CLOCK, RANDOM);
  private LedgerRegistry ledger;

  @BeforeEach
  void create() throws Exception {
    ledger = LedgerRegistry.create(folder, keys, CLOCK, RANDOM);
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  @Provision("5.4-4")
  void nothingIsIssuedTwiceNorByAnothersKey() throws Exception {
    ledger.enrolled(enrolment(PUMP, IDEVID, 2, "1f"));
    assertThat(reasonOf(() -> ledger.enrolled(enrolment(OTHER, IDEVID, 3, "2f"))))
        .as("proved by another's key")
        .isEqualTo(Reason.KEY_ALREADY_ISSUED);
    for (DeviceId device : List.of(PUMP, OTHER)) {
      KeyFingerprint by = device.equals(PUMP) ? IDEVID : DeviceRegistryContract.key(9);
      assertThat(reasonOf(() -> ledger.enrolled(enrolment(device, by, 2, "2f"))))
          .isEqualTo(Reason.KEY_ALREADY_ISSUED);
      assertThat(reasonOf(() -> ledger.enrolled(enrolment(device, by, 3, "1f"))))
          .isEqualTo(Reason.CERTIFICATE_SERIAL_ALREADY_ISSUED);
    }
    assertThat(ledger.all()).hasSize(1);
  }

  @Test
  void whoMayAskIsTheOneThatAskedOrNobodyYetOrWhoIsExpected() throws Exception {
    KeyFingerprint another = DeviceRegistryContract.key(8);
    assertThat(ledger.mayAsk(PUMP, another)).isTrue();
    ledger.enrolled(enrolment(PUMP, IDEVID, 2, "1f"));
    assertThat(ledger.mayAsk(PUMP, IDEVID)).isTrue();
    assertThat(ledger.mayAsk(PUMP, another)).isFalse();
    invite(PUMP);
    assertThat(ledger.mayAsk(PUMP, another)).as("an invitation moves no name to a key").isFalse();

    ledger.register(new Registration(OTHER, Role.ASSET_TAG, CLOCK.instant()));
    assertThat(ledger.mayAsk(OTHER, another)).isFalse();
    invite(OTHER);
    assertThat(ledger.mayAsk(OTHER, another)).isTrue();
  }

  @Test
  void anInvitationIsReplacedTakenBackAndUsedUp() throws Exception {
    invite(PUMP);
    Invitation second =
        new Invitation(PUMP, Role.ASSET_TAG, Optional.of(IDEVID), CLOCK.instant().plusSeconds(9));
    ledger.invite(second);
    assertThat(ledger.invitation(PUMP)).hasValue(second);
    assertThat(ledger.uninvite(PUMP)).isTrue();
    assertThat(ledger.uninvite(PUMP)).isFalse();
    invite(PUMP);
    ledger.enrolled(enrolment(PUMP, IDEVID, 2, "1f"));
    assertThat(ledger.invitation(PUMP)).isEmpty();
    ledger.close();
    ledger = LedgerRegistry.open(folder, keys, CLOCK, RANDOM);
    assertThat(ledger.invitation(PUMP)).isEmpty();
    assertThat(ledger.enrolment(PUMP)).hasValue(enrolment(PUMP, IDEVID, 2, "1f"));
  }

  /** In memory a proof may come after the next enrolment; on disk it stands before it. */
  @Test
  void aProofCommutesWithTheNextEnrolment() {
    LedgerEntry first = new LedgerEntry.Enrolled(enrolment(PUMP, IDEVID, 2, "1f"));
    LedgerEntry next =
        new LedgerEntry.Enrolled(enrolment(PUMP, DeviceRegistryContract.key(2), 3, "2f"));
    LedgerEntry proof = new LedgerEntry.Proved(PUMP, DeviceRegistryContract.key(2));
    KnownDevices onDisk = new KnownDevices();
    List.of(first, proof, next).forEach(onDisk::apply);
    KnownDevices inMemory = new KnownDevices();
    List.of(first, next, proof).forEach(inMemory::apply);
    assertThat(inMemory.find(PUMP)).isEqualTo(onDisk.find(PUMP)).isPresent();
    assertThat(inMemory.enrolment(PUMP)).isEqualTo(onDisk.enrolment(PUMP));
    assertThat(inMemory.enrolment(PUMP).orElseThrow().isProved()).isFalse();
  }

  private void invite(DeviceId device) throws Exception {
    ledger.invite(
        new Invitation(
            device, Role.INFUSION_PUMP, Optional.empty(), CLOCK.instant().plusSeconds(60)));
  }

  private static Enrolment enrolment(DeviceId device, KeyFingerprint by, int key, String serial) {
    return new Enrolment(
        device,
        Role.INFUSION_PUMP,
        CLOCK.instant(),
        DeviceRegistryContract.certificate(key, serial),
        Instant.parse("2027-11-27T12:00:00Z"),
        by,
        "ab".repeat(32),
        "3082");
  }
}

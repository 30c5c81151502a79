// SPDX-License-Identifier: Apache-2.0
package io.wardgate.factory;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.ca.EcKeys;
import io.wardgate.ca.EmbeddedAuthority;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.Batch;
import io.wardgate.registry.BatchRecord;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Role;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device is born in an authorised batch, here, now, once. */
class FactoryLineTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant FROM = Instant.parse("2026-11-23T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-12-01T00:00:00Z");
  private static final DeviceId PUMP = DeviceId.of("pump-1");
  private static final DeviceId OTHER = DeviceId.of("pump-2");

  @TempDir private Path folder;
  private final ObedientClock clock = ObedientClock.at("2026-11-27T12:00:00Z");
  private final StateKeys keys = StateKeys.generate(clock, RANDOM);
  private final EmbeddedAuthority maker = madeBefore(clock);
  private final List<SecurityEvent> told = new ArrayList<>();
  private LedgerRegistry ledger;
  private FactoryLine line;

  @BeforeEach
  void begin() throws Exception {
    ledger = LedgerRegistry.create(folder, keys, clock, RANDOM);
    line = new FactoryLine("line-4", ledger, keys, maker, Optional.empty(), told::add, clock);
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  @Provision("5.1-1")
  @Provision("5.4-4")
  void aDeviceGetsAnIdentityOfItsOwnThatOpensEnrolmentAndNothingElse() throws Exception {
    line.open(batch("line-4", 2));
    X509Certificate certificate = line.certify(PUMP, key());
    assertThat(ledger.find(PUMP)).as("not handed over yet").isEmpty();
    line.confirm(PUMP, certificate);

    AuthenticatedPeer peer =
        new PeerVerifier(DeviceTrust.manufacturer("", maker.certificate()), ledger, clock)
            .verify(List.of(certificate));
    assertThat(peer.device()).isEqualTo(PUMP);
    assertThat(peer.role()).isEqualTo(Role.INFUSION_PUMP);
    assertThat(peer.isToBeEnrolled()).isTrue();
  }

  @Test
  void anIdentityHasNoEndNoPurposeAndFewBytes() throws Exception {
    line.open(batch("line-4", 2));
    X509Certificate certificate = line.certify(PUMP, key());
    assertThat(certificate.getNotAfter().toInstant())
        .isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
    assertThat(certificate.getExtendedKeyUsage()).isNull();
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate.getEncoded()).hasSizeLessThan(500);

    FactoryLine named =
        new FactoryLine(
            "line-4", ledger, keys, maker, Optional.of("1.3.6.1.4.1.99999.1"), told::add, clock);
    X509Certificate withModule = named.certify(OTHER, key());
    assertThat(withModule.getSubjectAlternativeNames().iterator().next().get(0)).isEqualTo(0);
    assertThat(withModule.getEncoded()).hasSizeLessThan(500);
    assertThat(
            new PeerVerifier(DeviceTrust.manufacturer("", maker.certificate()), ledger, clock)
                .trust()
                .acceptsCertificates())
        .isTrue();
  }

  @Test
  @Provision("5.4-4")
  void noKeyAndNoPreSharedKeyIsGivenTwice() throws Exception {
    line.open(batch("line-4", 5));
    KeyPair shared = EcKeys.p256(RANDOM);
    line.certify(PUMP, shared.getPublic());
    assertThat(reasonOf(() -> line.certify(OTHER, shared.getPublic())))
        .isEqualTo(Reason.KEY_ALREADY_ISSUED);
    PreSharedKey key = PreSharedKey.generate(OTHER, RANDOM);
    line.share(key);
    line.confirm(key);
    PreSharedKey same =
        new PreSharedKey(DeviceId.of("pump-3"), "another-identity", key.copyOfKey());
    assertThat(reasonOf(() -> line.share(same))).isEqualTo(Reason.PRE_SHARED_KEY_ALREADY_ISSUED);
    assertThat(reasonOf(() -> line.certify(OTHER, key())))
        .isEqualTo(Reason.DEVICE_ALREADY_REGISTERED);
    assertThat(line.isIssued(OTHER)).isTrue();
  }

  @Test
  void aBatchIsMadeHereAndNow() throws Exception {
    assertThat(reasonOf(() -> line.open(batch("line-5", 2)))).isEqualTo(Reason.BATCH_OTHER_STATION);
    clock.set(FROM.minusNanos(1));
    assertThat(reasonOf(() -> line.open(batch("line-4", 2)))).isEqualTo(Reason.BATCH_NOT_VALID);
    clock.set(FROM);
    line.open(batch("line-4", 2));
    X509Certificate certificate = line.certify(PUMP, key());
    clock.set(UNTIL);
    assertThat(reasonOf(() -> line.confirm(PUMP, certificate))).isEqualTo(Reason.BATCH_NOT_VALID);
    assertThat(reasonOf(() -> line.certify(OTHER, key()))).isEqualTo(Reason.BATCH_NOT_VALID);
    assertThat(reasonOf(() -> line.working("2026-W48"))).isEqualTo(Reason.BATCH_NOT_VALID);
    assertThat(line.close("2026-W48").open()).isFalse();
  }

  @Test
  void withoutABatchNothingIsMade() throws Exception {
    assertThat(reasonOf(() -> line.certify(PUMP, key()))).isEqualTo(Reason.BATCH_NOT_OPEN);
    assertThat(reasonOf(() -> line.working("2026-W48"))).isEqualTo(Reason.BATCH_NOT_OPEN);
    line.open(batch("line-4", 2));
    assertThat(reasonOf(() -> line.working("2026-W49"))).isEqualTo(Reason.BATCH_NOT_OPEN);
    assertThat(line.working("2026-W48")).isEqualTo(batch("line-4", 2));
  }

  @Test
  void theSameAuthorisationGoesOnAndAnotherOfItsNameDoesNot() throws Exception {
    line.open(batch("line-4", 2));
    X509Certificate certificate = line.certify(PUMP, key());
    line.confirm(PUMP, certificate);
    BatchRecord again = line.open(batch("line-4", 2));
    assertThat(again.issued()).containsExactly(PUMP);
    assertThat(reasonOf(() -> line.open(batch("line-4", 3)))).isEqualTo(Reason.BATCH_KNOWN);
    line.close("2026-W48");
    assertThat(reasonOf(() -> line.open(batch("line-4", 2)))).isEqualTo(Reason.BATCH_KNOWN);
    assertThat(told)
        .extracting(event -> event.kind() + " " + event.source())
        .containsExactly(
            "batch-opened local, 2026-W48, 2 infusion-pump",
            "batch-closed local, 2026-W48, 1 issued");
  }

  /** An authority that is older than the batches. */
  private static EmbeddedAuthority madeBefore(ObedientClock clock) {
    ObedientClock before = ObedientClock.at("2026-11-01T00:00:00Z");
    EmbeddedAuthority made =
        EmbeddedAuthority.selfSigned("Maker", Duration.ofDays(18_000), before, RANDOM);
    return EmbeddedAuthority.of(made.entry(), clock, RANDOM);
  }

  private static java.security.PublicKey key() {
    return EcKeys.p256(RANDOM).getPublic();
  }

  private static Batch batch(String station, int count) {
    return new Batch("2026-W48", Role.INFUSION_PUMP, count, station, FROM, UNTIL, "ab".repeat(32));
  }
}

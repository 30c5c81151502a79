// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static io.wardgate.Refusals.reasonOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.Reason;
import io.wardgate.cbor.CborWriter;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.TestPki;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.CertificateSerial;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.state.Standing;
import io.wardgate.time.ClockReading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Revocations are after a restart what they were before, or it is told that they are not. */
class RevocationFileTest {

  private final ObedientClock clock = ObedientClock.at("2026-11-26T12:00:00Z");
  private final Authority devices = TestPki.authority("Device CA", clock);
  private final Credential pump = devices.issueDevice("pump-1");

  @Test
  void isAsItWasAfterARestart(@TempDir Path directory) throws Exception {
    StateKeys keys = StateKeys.generate(clock, new SecureRandom());
    Credential tag = devices.issueDevice("tag-1");
    Credential cuff = devices.issueDevice("cuff-1");
    Revocations before = Revocations.create(directory, keys);
    before.accept(devices.revocationList().number(5).revoking(pump.leaf()).sign(), authorities());
    before.deny(CertificateSerial.of(tag.leaf()));
    before.deny(KeyFingerprint.of(cuff.leaf().getPublicKey()));
    Revocations after = Revocations.in(directory, keys);
    for (Credential revoked : List.of(pump, tag, cuff)) {
      assertThat(reasonOf(() -> verify(revoked, after))).isEqualTo(Reason.CERTIFICATE_REVOKED);
    }
    assertThat(
            reasonOf(() -> after.accept(devices.revocationList().number(4).sign(), authorities())))
        .isEqualTo(Reason.CRL_OLDER);
  }

  @Test
  void ofAFileThatIsNotWhatWasWrittenNothingIsBelievedAndThatIsTold(@TempDir Path directory)
      throws Exception {
    StateKeys keys = StateKeys.generate(clock, new SecureRandom());
    Revocations.create(directory, keys).accept(devices.revocationList().sign(), authorities());
    Path file = directory.resolve(RevocationFile.NAME);
    byte[] whole = Files.readAllBytes(file);
    assertThat(Revocations.in(directory, keys).standing()).isEqualTo(Standing.SOUND);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(Revocations.in(directory, keys).standing())
          .as("%d bytes", length)
          .isEqualTo(Standing.DAMAGED);
    }
    Files.write(file, whole);
    Revocations stranger = Revocations.in(directory, StateKeys.generate(clock, new SecureRandom()));
    assertThat(stranger.standing()).isEqualTo(Standing.DAMAGED);
    assertThat(verify(pump, stranger)).isNotNull();
  }

  @Test
  void aFileThatIsPutBackOrTakenAwayIsTold(@TempDir Path directory) throws Exception {
    StateKeys keys = StateKeys.generate(clock, new SecureRandom());
    Revocations first = Revocations.create(directory, keys);
    assertThat(Revocations.in(directory, keys).standing()).isEqualTo(Standing.SOUND);
    Path file = directory.resolve(RevocationFile.NAME);
    first.deny(CertificateSerial.of(pump.leaf()));
    byte[] older = Files.readAllBytes(file);
    first.accept(devices.revocationList().sign(), authorities());
    assertThat(Revocations.in(directory, keys).standing()).isEqualTo(Standing.SOUND);
    Files.write(file, older);
    Revocations putBack = Revocations.in(directory, keys);
    assertThat(putBack.standing()).isEqualTo(Standing.ROLLED_BACK);
    assertThat(reasonOf(() -> verify(pump, putBack))).isEqualTo(Reason.CERTIFICATE_REVOKED);
    Files.delete(file);
    assertThat(Revocations.in(directory, keys).standing()).isEqualTo(Standing.ROLLED_BACK);
    Files.delete(directory.resolve(RevocationFile.COUNTER));
    assertThat(Revocations.in(directory, keys).standing()).isEqualTo(Standing.ROLLED_BACK);
    Files.write(file, older);
    assertThat(Revocations.in(directory, keys).standing()).isEqualTo(Standing.ROLLED_BACK);
  }

  @Test
  void whatIsLostIsToldUntilSomebodyAcceptsIt(@TempDir Path directory) throws Exception {
    StateKeys keys = StateKeys.generate(clock, new SecureRandom());
    Revocations.create(directory, keys).deny(CertificateSerial.of(pump.leaf()));
    Files.write(directory.resolve(RevocationFile.NAME), new byte[] {7});
    Revocations left = Revocations.in(directory, keys);
    left.accept(devices.revocationList().sign(), authorities());
    assertThat(left.standing()).isEqualTo(Standing.DAMAGED);
    assertThat(Revocations.in(directory, keys).standing()).isEqualTo(Standing.DAMAGED);
    left.acceptLoss();
    assertThat(left.standing()).isEqualTo(Standing.SOUND);
    assertThat(Revocations.in(directory, keys).standing()).isEqualTo(Standing.SOUND);
    left.deny(CertificateSerial.of(pump.leaf()));
    assertThat(Revocations.in(directory, keys).standing()).isEqualTo(Standing.SOUND);
  }

  @Test
  void aCrashBeforeTheCounterLosesNothingAndRaisesNoAlarm(@TempDir Path directory)
      throws Exception {
    StateKeys keys = StateKeys.generate(clock, new SecureRandom());
    Revocations before = Revocations.create(directory, keys);
    Path counter = directory.resolve(RevocationFile.COUNTER);
    byte[] behind = Files.readAllBytes(counter);
    before.deny(CertificateSerial.of(pump.leaf()));
    Files.write(counter, behind);
    Revocations after = Revocations.in(directory, keys);
    assertThat(after.standing()).isEqualTo(Standing.SOUND);
    assertThat(reasonOf(() -> verify(pump, after))).isEqualTo(Reason.CERTIFICATE_REVOKED);
    after.deny(CertificateSerial.of(devices.issueDevice("tag-1").leaf()));
    assertThat(Revocations.in(directory, keys).standing()).isEqualTo(Standing.SOUND);
  }

  @Test
  void readsWhatTheFormatWithoutACounterKept(@TempDir Path directory) throws Exception {
    StateKeys keys = StateKeys.generate(clock, new SecureRandom());
    CertificateSerial denied = CertificateSerial.of(pump.leaf());
    CborWriter plain = new CborWriter().array(3).array(0).array(1);
    plain.array(2).text(denied.issuer()).text(denied.number()).array(0);
    byte[] sealed = keys.wrap(plain.toBytes(), "wardgate revocations 1".getBytes(UTF_8));
    byte[] content = Arrays.copyOf("WGREVOKE\u0001".getBytes(UTF_8), 9 + sealed.length);
    System.arraycopy(sealed, 0, content, 9, sealed.length);
    Files.write(directory.resolve(RevocationFile.NAME), content);
    Revocations taken = Revocations.in(directory, keys);
    assertThat(taken.standing()).isEqualTo(Standing.SOUND);
    assertThat(reasonOf(() -> verify(pump, taken))).isEqualTo(Reason.CERTIFICATE_REVOKED);
    taken.accept(devices.revocationList().sign(), authorities());
    Revocations after = Revocations.in(directory, keys);
    assertThat(after.standing()).isEqualTo(Standing.SOUND);
    assertThat(reasonOf(() -> verify(pump, after))).isEqualTo(Reason.CERTIFICATE_REVOKED);
  }

  @Test
  void leavesAFileOfALaterFormatAsItIs(@TempDir Path directory) throws Exception {
    StateKeys keys = StateKeys.generate(clock, new SecureRandom());
    Revocations.create(directory, keys).accept(devices.revocationList().sign(), authorities());
    Path file = directory.resolve(RevocationFile.NAME);
    byte[] newer = Files.readAllBytes(file);
    newer[8] = 3;
    Files.write(file, newer);
    assertThat(reasonOf(() -> Revocations.in(directory, keys))).isEqualTo(Reason.STATE_NEWER);
    assertThat(file).hasBinaryContent(newer);
  }

  private List<X509Certificate> authorities() {
    return List.of(devices.certificate());
  }

  private VerifiedChain verify(Credential credential, Revocations known) throws Exception {
    return new ChainVerifier(
            List.of(new TrustAnchor(AnchorPurpose.OPERATOR, "", devices.certificate())),
            List.of(),
            known,
            RevocationPolicy.DEFAULT)
        .verify(credential.chain(), ClockReading.synced(clock.instant()));
  }
}

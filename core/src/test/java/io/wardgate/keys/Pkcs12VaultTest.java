// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import static io.wardgate.Refusals.reasonOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a vault keeps it gives back to who has the unlock secret, and to nobody else. */
class Pkcs12VaultTest {

  private static final byte[] SECRET = "thirty-two bytes nobody may see!".getBytes(UTF_8);
  private static final Authority CA = TestPki.authority("Gateway CA");

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("vault.p12");
  }

  @Test
  @Provision("5.4-1")
  void givesBackWhatItWasGivenAfterReopening() throws Exception {
    Credential gateway = CA.issueIntermediate("Line").issueServer("gateway.example");
    Pkcs12Vault vault = Pkcs12Vault.create(file, unlock());
    vault.store("gateway", entry(gateway));
    vault.storeSecret("psk:acme/pump-1", SECRET);
    Pkcs12Vault again = Pkcs12Vault.open(file, unlock());
    KeyVault.KeyPairEntry found = again.keyPair("gateway").orElseThrow();
    assertThat(found.chain()).isEqualTo(gateway.chain());
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(found.privateKey());
    signature.update(SECRET);
    byte[] signed = signature.sign();
    signature.initVerify(gateway.leaf());
    signature.update(SECRET);
    assertThat(signature.verify(signed)).isTrue();
    assertThat(again.secret("psk:acme/pump-1")).contains(SECRET);
  }

  @Test
  void aSecretIsCopiedInAndOut() throws Exception {
    Pkcs12Vault vault = Pkcs12Vault.create(file, unlock());
    byte[] secret = SECRET.clone();
    vault.storeSecret("psk", secret);
    Arrays.fill(secret, (byte) 0);
    Arrays.fill(vault.secret("psk").orElseThrow(), (byte) 0);
    assertThat(vault.secret("psk")).contains(SECRET);
  }

  @Test
  void anUnlockSecretClearedByTheCallerStillUnlocks() throws Exception {
    char[] unlock = unlock();
    Pkcs12Vault vault = Pkcs12Vault.create(file, unlock);
    Arrays.fill(unlock, '\0');
    vault.storeSecret("psk", SECRET);
    assertThat(Pkcs12Vault.open(file, unlock()).secret("psk")).contains(SECRET);
  }

  @Test
  void oneKindIsNotTheOther() throws Exception {
    Pkcs12Vault vault = Pkcs12Vault.create(file, unlock());
    vault.store("gateway", entry(CA.issueServer("gateway.example")));
    vault.storeSecret("psk", SECRET);
    assertThat(vault.secret("gateway")).isEmpty();
    assertThat(vault.keyPair("psk")).isEmpty();
    assertThat(vault.secret("nothing")).isEmpty();
    assertThat(vault.keyPair("nothing")).isEmpty();
  }

  @Test
  @Provision("5.4-1")
  void refusesAnotherUnlockSecret() throws Exception {
    Pkcs12Vault.create(file, unlock()).storeSecret("psk", SECRET);
    for (String wrong : List.of("", "unlock secre", "Unlock secret", "unlock secret ")) {
      assertThat(reasonOf(() -> Pkcs12Vault.open(file, wrong.toCharArray())))
          .isEqualTo(Reason.VAULT_LOCKED);
    }
  }

  @Test
  void refusesToBeLockedByNothing() {
    assertThatIllegalArgumentException().isThrownBy(() -> Pkcs12Vault.create(file, new char[0]));
    assertThat(file).doesNotExist();
  }

  @Test
  void neverReplacesAVaultByANewOne() throws Exception {
    Pkcs12Vault.create(file, unlock()).storeSecret("psk", SECRET);
    assertThatIOException().isThrownBy(() -> Pkcs12Vault.create(file, unlock()));
    assertThat(Pkcs12Vault.open(file, unlock()).secret("psk")).contains(SECRET);
  }

  @Test
  @Provision("5.4-1")
  void theFileAloneGivesNothingAway() throws Exception {
    Credential gateway = CA.issueServer("gateway.example");
    Pkcs12Vault vault = Pkcs12Vault.create(file, unlock());
    vault.store("gateway", entry(gateway));
    vault.storeSecret("psk", SECRET);
    byte[] bytes = Files.readAllBytes(file);
    assertThat(contains(bytes, SECRET)).isFalse();
    assertThat(contains(bytes, "unlock secret".getBytes(UTF_8))).isFalse();
    byte[] scalar = unsigned(((ECPrivateKey) gateway.key()).getS());
    assertThat(contains(bytes, scalar)).isFalse();
    assertThat(contains(bytes, gateway.key().getEncoded())).isFalse();
  }

  @Test
  @Provision("5.4-1")
  void onlyItsOwnerMayReadTheFile() throws Exception {
    Pkcs12Vault vault = Pkcs12Vault.create(file, unlock());
    assertThat(mode(file)).isEqualTo("rw-------");
    vault.storeSecret("psk", SECRET);
    assertThat(mode(file)).isEqualTo("rw-------");
  }

  @Test
  void refusesATakenNameAndKeepsWhatItHas() throws Exception {
    Pkcs12Vault vault = Pkcs12Vault.create(file, unlock());
    vault.storeSecret("psk", SECRET);
    assertThatIllegalArgumentException().isThrownBy(() -> vault.storeSecret("psk", new byte[32]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> vault.store("psk", entry(CA.issueServer("gateway.example"))));
    assertThat(Pkcs12Vault.open(file, unlock()).secret("psk")).contains(SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PSK", "psk key", "-psk", "\u00e4", "psk\n"})
  void refusesANameThatIsNone(String alias) throws Exception {
    Pkcs12Vault vault = Pkcs12Vault.create(file, unlock());
    assertThatIllegalArgumentException().isThrownBy(() -> vault.storeSecret(alias, SECRET));
  }

  @Test
  void aFailedWriteLeavesTheOldVaultOnDiskAndInMemory() throws Exception {
    Pkcs12Vault vault = Pkcs12Vault.create(file, unlock());
    vault.storeSecret("old", SECRET);
    byte[] before = Files.readAllBytes(file);
    Path inTheWay = Files.createDirectory(folder.resolve("vault.p12.new"));
    Files.createFile(inTheWay.resolve("kept"));
    assertThatIOException().isThrownBy(() -> vault.storeSecret("new", SECRET));
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(vault.secret("new")).isEmpty();
    Files.delete(inTheWay.resolve("kept"));
    vault.storeSecret("new", SECRET);
    assertThat(Pkcs12Vault.open(file, unlock()).secret("new")).contains(SECRET);
  }

  @Test
  void refusesEveryTruncation() throws Exception {
    Pkcs12Vault.create(file, unlock()).storeSecret("psk", SECRET);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(reasonOf(() -> Pkcs12Vault.open(file, unlock())))
          .as("cut after %d bytes", length)
          .isEqualTo(Reason.VAULT_LOCKED);
    }
  }

  @Test
  void refusesADamagedFileOrGivesBackExactlyWhatItWasGiven() throws Exception {
    Pkcs12Vault.create(file, unlock()).storeSecret("psk", SECRET);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(12);
    for (int i = 0; i < 150; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      try {
        assertThat(Pkcs12Vault.open(file, unlock()).secret("psk")).contains(SECRET);
      } catch (WardgateException refused) {
        assertThat(refused.reason()).isEqualTo(Reason.VAULT_LOCKED);
        assertThat(refused.getMessage()).doesNotContain("unlock secret\"");
      }
    }
  }

  @Test
  @Provision("5.4-1")
  void refusesAFileWhoseMacWasTakenOff() throws Exception {
    Pkcs12Vault.create(file, unlock()).storeSecret("psk", SECRET);
    Pfx whole = Pfx.getInstance(Files.readAllBytes(file));
    Files.write(file, new Pfx(whole.getAuthSafe(), null).getEncoded());
    assertThat(reasonOf(() -> Pkcs12Vault.open(file, unlock()))).isEqualTo(Reason.VAULT_LOCKED);
  }

  @Test
  void namesItsFileAndNothingInIt() throws Exception {
    Pkcs12Vault vault = Pkcs12Vault.create(file, unlock());
    vault.storeSecret("psk", SECRET);
    assertThat(vault).hasToString("Pkcs12Vault[vault.p12]");
  }

  private static char[] unlock() {
    return "unlock secret".toCharArray();
  }

  private static KeyVault.KeyPairEntry entry(Credential credential) {
    return new KeyVault.KeyPairEntry(credential.key(), credential.chain());
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static byte[] unsigned(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  private static boolean contains(byte[] bytes, byte[] part) {
    for (int at = 0; at + part.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }
}

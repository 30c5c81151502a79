// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static io.wardgate.Refusals.reasonOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.registry.KeyFingerprint;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no secret is no key. */
class WeakKeyTest {

  private static final DeviceId DEVICE = new DeviceId("acme", "Pump-00:42.AB");
  private static final String IDENTITY = "wg-2fq7kd";

  @Test
  @Provision("5.1-1")
  void noRandomKeyIsEverTakenForAWeakOne() {
    Random random = new Random(20261126);
    for (int i = 0; i < 50_000; i++) {
      byte[] key = new byte[16 + 16 * (i % 2)];
      random.nextBytes(key);
      assertThat(WeakKey.why(key, DEVICE, IDENTITY)).as("%d", i).isEmpty();
    }
  }

  @Test
  @Provision("5.1-1")
  @Provision("5.4-4")
  void aKeyThatIsMadeHereIsStrongAndNamesNobody() {
    SecureRandom random = new SecureRandom();
    PreSharedKey one = PreSharedKey.generate(DEVICE, random);
    PreSharedKey other = PreSharedKey.generate(DEVICE, random);
    assertThat(one.copyOfKey()).hasSize(32).isNotEqualTo(other.copyOfKey());
    assertThat(one.identity()).matches("[a-z2-7]{26}").isNotEqualTo(other.identity());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void aPatternIsWeak(int period) {
    byte[] key = new byte[32];
    new Random(period).nextBytes(key);
    for (int i = period; i < key.length; i++) {
      key[i] = key[i - period];
    }
    assertWeak(key);
  }

  @Test
  void aSequenceIsWeak() {
    for (int step : new int[] {0, 1, -1, 7, 17}) {
      byte[] key = new byte[24];
      for (int i = 0; i < key.length; i++) {
        key[i] = (byte) (3 + step * i);
      }
      assertWeak(key);
    }
  }

  @Test
  void fewDifferentBytesAreWeak() {
    byte[] key = new byte[32];
    Random random = new Random(7);
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) random.nextInt(7);
    }
    assertWeak(key);
  }

  @Test
  @Provision("5.1-1")
  void aShortTextIsWeak() {
    assertWeak("correct horse battery staple".getBytes(UTF_8));
    assertThat(WeakKey.why("q8WvT-x2LmPz4Rb7Yc1Nd6Kf9Hg3Js5A".getBytes(UTF_8), DEVICE, IDENTITY))
        .isEmpty();
  }

  @Test
  @Provision("5.1-1")
  void aShortTextIsWeakHoweverItIsWrittenDown() {
    assertWeak(Arrays.copyOf("Passw0rd!".getBytes(UTF_8), 16));
    assertWeak("Summer2026-Ward\n".getBytes(UTF_8));
    assertWeak("Hospital".getBytes(UTF_16BE));
    assertWeak("Hospital".getBytes(UTF_16LE));
    assertWeak("M\u00fcnchen-Station7".getBytes(ISO_8859_1));
    assertWeak("M\u00fcnchen-Station7".getBytes(UTF_8));
    assertWeak("Hospital12Hospital12Hospital12Ho".getBytes(UTF_8));
    assertWeak(hex("Hospital-ward-12".getBytes(UTF_8)));
    assertWeak(
        (Base64.getEncoder().encodeToString("correct horse battery st".getBytes(UTF_8)) + "\n")
            .getBytes(UTF_8));
    assertThat(WeakKey.why(hex(random(32)), DEVICE, IDENTITY)).isEmpty();
    assertThat(WeakKey.why(Base64.getEncoder().encode(random(32)), DEVICE, IDENTITY)).isEmpty();
  }

  @Test
  void somethingShortThatIsRepeatedOrFilledUpIsWeak() {
    byte[] twice = Arrays.copyOf(random(12), 24);
    System.arraycopy(twice, 0, twice, 12, 12);
    assertWeak(twice);
    assertWeak(Arrays.copyOf(random(12), 16));
    byte[] thirteen = Arrays.copyOf(random(13), 16);
    assertThat(WeakKey.why(thirteen, DEVICE, IDENTITY)).as("by chance").isEmpty();
    byte[] long16 = Arrays.copyOf(random(16), 32);
    assertThat(WeakKey.why(long16, DEVICE, IDENTITY)).as("128 bits all the same").isEmpty();
  }

  @Test
  void theDevicesNameWithinATextDoesNotMakeItLonger() {
    assertWeak("key of pump0042ab in the ward, 7!".getBytes(UTF_8));
    assertThat(
            WeakKey.why(
                "q8WvT-x2LmPz4Rpump0042abb7Yc1Nd6Kf9Hg3Js5A".getBytes(UTF_8), DEVICE, IDENTITY))
        .isEmpty();
  }

  private static byte[] random(int length) {
    byte[] key = new byte[length];
    new Random(length).nextBytes(key);
    return key;
  }

  @ParameterizedTest
  @ValueSource(strings = {"sesame", "secretPSK", "password", "default", ".fornium", "changeit"})
  @Provision("5.1-1")
  void aPublishedKeyIsWeakAlsoFilledUpRepeatedOrDigested(String word) throws Exception {
    byte[] known = word.getBytes(UTF_8);
    byte[] repeated = new byte[word.length() * 6];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = known[i % known.length];
    }
    assertWeak(known);
    assertWeak(Arrays.copyOf(known, 32));
    assertWeak(repeated);
    for (String digest : List.of("MD5", "SHA-1", "SHA-256", "SHA-512")) {
      byte[] hash = MessageDigest.getInstance(digest).digest(known);
      assertWeak(hash);
      assertWeak(Arrays.copyOf(hash, 16));
      assertWeak(hex(hash));
    }
  }

  @Test
  void aPublishedKeyOfFullLengthIsWeak() {
    assertWeak(HexFormat.of().parseHex("2b7e151628aed2a6abf7158809cf4f3c"));
  }

  @Test
  @Provision("5.1-2")
  @Provision("5.4-4")
  void whatIsMadeOfTheDevicesNameOrIdentityIsWeak() throws Exception {
    for (String name :
        List.of("acme/Pump-00:42.AB", "Pump-00:42.AB", "pump0042ab", "PUMP0042AB", IDENTITY)) {
      byte[] text = name.getBytes(UTF_8);
      assertWeak(Arrays.copyOf(text, 32));
      assertWeak(Arrays.copyOf(hex(text), 32));
      for (String digest : List.of("MD5", "SHA-1", "SHA-256", "SHA-512")) {
        byte[] hash = MessageDigest.getInstance(digest).digest(text);
        assertWeak(Arrays.copyOf(hash, 16));
        assertWeak(Arrays.copyOf(hash, Math.min(32, hash.length)));
        assertWeak(hex(hash));
      }
    }
  }

  @Test
  void aShortSerialIsNotFoundInEveryKeyThatBeginsLikeIt() {
    byte[] key = new byte[16];
    new Random(1).nextBytes(key);
    key[0] = 'a';
    key[1] = 'b';
    assertThat(WeakKey.why(key, DeviceId.of("ab"), "x")).isEmpty();
  }

  @Test
  void aPublicKeyIsKnownByItsPrivateHalfBeingPrinted() {
    assertThat(
            KnownKeys.contain(
                new KeyFingerprint(
                    "ade2dad611717e910e295db3ba086fc40490b0daacfc23aace9348077b839b17")))
        .isTrue();
    assertThat(
            KnownKeys.contain(
                KeyFingerprint.of(TestPki.authority("CA").certificate().getPublicKey())))
        .isFalse();
  }

  private static void assertWeak(byte[] key) {
    assertThat(WeakKey.why(key, DEVICE, IDENTITY)).as(HexFormat.of().formatHex(key)).isPresent();
    if (key.length >= PreSharedKey.MIN_KEY_BYTES && key.length <= 64) {
      assertThat(reasonOf(() -> PreSharedKey.imported(DEVICE, IDENTITY, key)))
          .isEqualTo(Reason.PRE_SHARED_KEY_WEAK);
    }
  }

  private static byte[] hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes).getBytes(UTF_8);
  }
}

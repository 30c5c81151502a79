// SPDX-License-Identifier: Apache-2.0
package io.wardgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be a device's name, and that a name written is the name read. */
class DeviceIdTest {

  private static final String SERIAL_FIRST =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final String SERIAL_REST = SERIAL_FIRST + "-.:+";
  private static final String NAMESPACE_FIRST = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final String NAMESPACE_REST = NAMESPACE_FIRST + "-.";

  @Test
  void takesEveryCharacterOfTheAlphabet() {
    assertThat(DeviceId.of("A0-.:+z").serial()).isEqualTo("A0-.:+z");
    assertThat(new DeviceId("a0-.z", "1").namespace()).isEqualTo("a0-.z");
  }

  @Test
  void refusesEveryOtherCharacterInEveryPlace() {
    for (char c = 0; c < 0x250; c++) {
      if (SERIAL_REST.indexOf(c) < 0) {
        refusesSerial("a" + c);
        refusesSerial("a" + c + "a");
      }
      if (SERIAL_FIRST.indexOf(c) < 0) {
        refusesSerial(c + "a");
      }
      if (NAMESPACE_REST.indexOf(c) < 0) {
        refusesNamespace("a" + c);
      }
      if (NAMESPACE_FIRST.indexOf(c) < 0) {
        refusesNamespace(c + "a");
      }
    }
  }

  @Test
  void aSerialHasOneTo64Characters() {
    assertThat(DeviceId.of("x").serial()).hasSize(1);
    assertThat(DeviceId.of("x".repeat(64)).serial()).hasSize(64);
    refusesSerial("");
    refusesSerial("x".repeat(65));
  }

  @Test
  void aNamespaceHasUpTo63Characters() {
    assertThat(new DeviceId("x".repeat(63), "1").namespace()).hasSize(63);
    refusesNamespace("x".repeat(64));
  }

  @Test
  void equalSerialsInTwoNamespacesAreTwoDevices() {
    assertThat(DeviceId.of("pump-1")).isNotEqualTo(new DeviceId("acme", "pump-1"));
    assertThat(new DeviceId("acme", "pump-1")).isNotEqualTo(new DeviceId("other", "pump-1"));
  }

  @Test
  void serialsThatDifferInCaseAreTwoDevices() {
    assertThat(DeviceId.of("Pump-1")).isNotEqualTo(DeviceId.of("pump-1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/a",
        "a/",
        "a/b/c",
        "a//b",
        "//",
        "A/b",
        " a",
        "a ",
        "a\n",
        "a/b\n",
        "ns/\u0000"
      })
  void refusesToReadWhatIsNoDeviceId(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DeviceId.parse(text));
  }

  @Test
  void readsBackWhatItWrote() {
    Random random = new Random(42);
    for (int i = 0; i < 10_000; i++) {
      String namespace =
          random.nextBoolean() ? "" : text(random, NAMESPACE_FIRST, NAMESPACE_REST, 63);
      DeviceId id = new DeviceId(namespace, text(random, SERIAL_FIRST, SERIAL_REST, 64));
      assertThat(DeviceId.parse(id.toString())).isEqualTo(id);
    }
  }

  @Test
  void aRefusalDoesNotRepeatWhatAPeerSent() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeviceId.of("bad\u001b[31mserial"))
        .withMessageNotContaining("bad");
  }

  private static String text(Random random, String first, String rest, int longest) {
    StringBuilder text = new StringBuilder();
    text.append(first.charAt(random.nextInt(first.length())));
    for (int more = random.nextInt(longest); more > 0; more--) {
      text.append(rest.charAt(random.nextInt(rest.length())));
    }
    return text.toString();
  }

  private static void refusesSerial(String serial) {
    assertThatIllegalArgumentException().isThrownBy(() -> DeviceId.of(serial));
  }

  private static void refusesNamespace(String namespace) {
    assertThatIllegalArgumentException().isThrownBy(() -> new DeviceId(namespace, "1"));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "ward-3.example.org", "127.0.0.1", "::1", "fe80::1", "3com"})
  void takesDnsNamesAndAddresses(String text) {
    assertThat(new HostName(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "*.example.org",
        "-ward",
        "ward-",
        "a..b",
        "ward.",
        "under_score",
        "1.2.3",
        "1.2.3.256",
        "ward:5684",
        "fe80::1%eth0",
        "10.0.0.0/8",
        "w\u00e4rd",
        "a\nb"
      })
  void refusesWhatIsNeither(String text) {
    assertThatThrownBy(() -> new HostName(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesALabelOf64Characters() {
    assertThat(new HostName("a".repeat(63)).isAddress()).isFalse();
    assertThatThrownBy(() -> new HostName("a".repeat(64)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tellsAddressesFromNames() {
    assertThat(new HostName("127.0.0.1").isAddress()).isTrue();
    assertThat(new HostName("Localhost").isAddress()).isFalse();
    assertThat(new HostName("Localhost").text()).isEqualTo("localhost");
  }
}

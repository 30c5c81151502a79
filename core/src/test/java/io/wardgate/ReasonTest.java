// SPDX-License-Identifier: Apache-2.0
package io.wardgate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The words refusals are told in. */
class ReasonTest {

  @Test
  void aCodeIsTheNameInKebabCase() {
    assertThat(Reason.PSK_IDENTITY_UNKNOWN.code()).isEqualTo("psk-identity-unknown");
    assertThat(Reason.values())
        .allMatch(reason -> reason.code().matches("[a-z0-9]+(-[a-z0-9]+)*"))
        .doesNotHaveDuplicates();
  }

  @Test
  void everyMeaningIsOneLineOfItsOwn() {
    assertThat(Arrays.stream(Reason.values()).map(Reason::meaning))
        .allMatch(meaning -> !meaning.isBlank() && !meaning.contains("\n"))
        .doesNotHaveDuplicates();
  }

  @Test
  void anExceptionSaysItsReasonFirst() {
    WardgateException refused = new WardgateException(Reason.OVERLOADED, "9 of 8");
    assertThat(refused.reason()).isEqualTo(Reason.OVERLOADED);
    assertThat(refused).hasMessage("overloaded: 9 of 8");
  }
}

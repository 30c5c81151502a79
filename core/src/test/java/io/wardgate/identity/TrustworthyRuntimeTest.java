// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On which runtimes Wardgate starts. */
class TrustworthyRuntimeTest {

  @ParameterizedTest
  @ValueSource(strings = {"11.0.20", "16", "17", "17.0.1", "17.0.2", "17.0.2+8", "17.0.3-ea+1"})
  void refusesARuntimeThatMayAcceptForgedSignatures(String version) {
    WardgateException refused = refusal(version, "Linux");
    assertThat(refused.reason()).isEqualTo(Reason.RUNTIME_UNFIT);
    assertThat(refused).hasMessageContaining(version).hasMessageContaining("17.0.3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"17.0.3", "17.0.3+7", "17.0.15", "17.0.15+6-LTS", "21", "21.0.1", "25"})
  void takesEveryRuntimeFromTheFixOn(String version) {
    for (String os : new String[] {"Linux", "Mac OS X"}) {
      assertThatCode(() -> TrustworthyRuntime.require(Runtime.Version.parse(version), os))
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Windows 11", "Windows Server 2022", "Windows 10"})
  void refusesWindowsAndSaysWhy(String os) {
    WardgateException refused = refusal("21", os);
    assertThat(refused.reason()).isEqualTo(Reason.RUNTIME_UNFIT);
    assertThat(refused).hasMessageContaining("fsync").hasMessageContaining("file modes");
  }

  @Test
  void takesTheRuntimeTheseTestsRunOn() {
    assertThatCode(TrustworthyRuntime::require).doesNotThrowAnyException();
  }

  private static WardgateException refusal(String version, String os) {
    return catchThrowableOfType(
        WardgateException.class,
        () -> TrustworthyRuntime.require(Runtime.Version.parse(version), os));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses, statuses and resources are values: what goes in cannot be changed from outside. */
class ExchangeValuesTest {

  private static final Handler NONE = request -> new CompletableFuture<>();

  @Test
  void aStatusIsWrittenAsTheRfcDoes() {
    assertThat(Status.CHANGED).hasToString("2.04");
    assertThat(Status.REQUEST_ENTITY_TOO_LARGE).hasToString("4.13");
    assertThat(Status.SERVICE_UNAVAILABLE).hasToString("5.03");
    assertThat(Status.CHANGED.code()).isEqualTo(0x44);
    assertThat(Status.CONTINUE.code()).isEqualTo(0x5f);
    assertThat(Status.SERVICE_UNAVAILABLE.code()).isEqualTo(0xa3);
    assertThat(Arrays.stream(Status.values()).map(Status::code)).doesNotHaveDuplicates();
  }

  @Test
  void onlyTheSecondClassIsSuccess() {
    for (Status status : Status.values()) {
      assertThat(status.isSuccess()).isEqualTo(status.toString().startsWith("2."));
    }
  }

  @Test
  void aRefusalIsBare() {
    Response refusal = Response.of(Status.FORBIDDEN);
    assertThat(refusal.payload()).isEmpty();
    assertThat(refusal.contentFormat()).isEmpty();
    assertThat(refusal.maxAge()).isEmpty();
  }

  @Test
  void aResponseKeepsItsBodyFromBothSides() {
    byte[] body = {1, 2};
    Response response = Response.content(42, body);
    body[0] = 9;
    response.payload()[1] = 9;
    assertThat(response.payload()).containsExactly(1, 2);
    assertThat(response.contentFormat()).hasValue(42);
  }

  @Test
  void notNowSaysWhen() {
    assertThat(Response.unavailable(Duration.ofSeconds(3)).maxAge())
        .contains(Duration.ofSeconds(3));
  }

  @Test
  void aBodyIsNeverPrinted() {
    byte[] body = "patient-4711".getBytes(StandardCharsets.UTF_8);
    assertThat(Response.content(0, body).toString())
        .doesNotContain("4711")
        .isEqualTo("2.05 (12 bytes)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "vitals", "/a/", "//a", "/a b", "/a?b", "/a%20", "/\u00e4", "/a\n"})
  void refusesAPathThatIsNone(String path) {
    assertThatIllegalArgumentException().isThrownBy(() -> Resource.at(path, NONE));
  }

  @Test
  void aBodyLimitIsOneByteTo64KiB() {
    assertThat(Resource.at("/a", NONE).upTo(1).maxBytes()).isEqualTo(1);
    assertThat(Resource.at("/a", NONE).maxBytes()).isEqualTo(65_536);
    for (int bytes : new int[] {-1, 0, 65_537}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Resource.at("/a", NONE).upTo(bytes));
    }
  }
}

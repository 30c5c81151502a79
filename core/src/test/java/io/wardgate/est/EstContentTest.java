// SPDX-License-Identifier: Apache-2.0
package io.wardgate.est;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.Reason;
import io.wardgate.fixtures.NeedsShared;
import io.wardgate.fixtures.Shared;
import io.wardgate.fixtures.TestPki;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Certificates on their way to a device are read whole, or refused. */
class EstContentTest {

  private final List<X509Certificate> two =
      List.of(TestPki.authority("One").certificate(), TestPki.authority("Other").certificate());

  @Test
  void whatIsWrittenIsRead() throws Exception {
    assertThat(EstContent.certificates(EstContent.CERTS_ONLY, EstContent.certsOnly(two)))
        .containsExactlyInAnyOrderElementsOf(two);
    assertThat(EstContent.certificates(EstContent.PKIX_CERT, EstContent.single(two.get(0))))
        .containsExactly(two.get(0));
  }

  @Test
  @NeedsShared("vectors/est-coaps/b0.der")
  void readsWhatRfc9148AppendixAShows() throws Exception {
    for (String name : List.of("b0", "b2", "b5")) {
      byte[] body = Files.readAllBytes(Shared.path("vectors/est-coaps/" + name + ".der"));
      assertThat(EstContent.certificates(EstContent.CERTS_ONLY, body)).as(name).isNotEmpty();
    }
  }

  @Test
  void refusesEveryTruncationAndWhatFollows() {
    refusesEveryTruncation(EstContent.CERTS_ONLY, EstContent.certsOnly(two));
    refusesEveryTruncation(EstContent.PKIX_CERT, EstContent.single(two.get(0)));
  }

  private static void refusesEveryTruncation(int format, byte[] whole) {
    for (int length = 0; length <= whole.length + 1; length++) {
      if (length != whole.length) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThat(reasonOf(() -> EstContent.certificates(format, cut)))
            .as("%d bytes of %d", length, whole.length)
            .isEqualTo(Reason.EST_ANSWER_MALFORMED);
      }
    }
  }

  @Test
  void refusesWhatIsTooLongOrOfAnotherFormat() {
    assertThat(
            reasonOf(
                () ->
                    EstContent.certificates(
                        EstContent.CERTS_ONLY, new byte[EstContent.MAX_BYTES + 1])))
        .isEqualTo(Reason.EST_ANSWER_MALFORMED);
    assertThat(
            reasonOf(
                () -> EstContent.certificates(EstContent.MULTIPART, EstContent.multipart(two))))
        .isEqualTo(Reason.EST_ANSWER_MALFORMED);
    List<X509Certificate> many =
        java.util.stream.IntStream.range(0, 9)
            .mapToObj(i -> TestPki.authority("CA " + i).certificate())
            .toList();
    assertThat(
            reasonOf(
                () -> EstContent.certificates(EstContent.CERTS_ONLY, EstContent.certsOnly(many))))
        .isEqualTo(Reason.EST_ANSWER_MALFORMED);
  }
}

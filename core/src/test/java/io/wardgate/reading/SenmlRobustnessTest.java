// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.fixtures.Provision;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("long")
class SenmlRobustnessTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123456Z");
  private static final SenmlDecoder DECODER = new SenmlDecoder(SenmlDecoder.Limits.DEFAULT);

  private static List<Reading> everyShape() {
    double[] beat = {0, 0.1, 1.2, -0.3, 0};
    return List.of(
        Reading.quantity("147842", 72, "beat/min", NOW).withBaseName("urn:dev:mac:0024befffe80:"),
        Reading.waveform(
                "131330",
                WaveformBlock.fitting(Duration.ofMillis(4), beat),
                "mV",
                NOW.minusMillis(20))
            .withBaseName("urn:dev:mac:0024befffe80:"),
        Reading.of("rhythm", Optional.empty(), new Value.Text("sinus, \"ré\" 水"), NOW),
        Reading.of("lead-off", Optional.empty(), new Value.Flag(true), NOW.minusSeconds(3600)),
        new Reading(
            "",
            "157784",
            Optional.of("m3/s"),
            Optional.of(new Value.Quantity(1.4e-9)),
            OptionalDouble.of(-12.75),
            NOW,
            OptionalDouble.of(60)));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsEncodedDecodesToTheSame(SenmlFormat format) throws Exception {
    byte[] pack = SenmlEncoder.encode(format, everyShape());

    assertThat(DECODER.decode(format, pack, NOW)).isEqualTo(everyShape());
    assertThat(SenmlEncoder.encode(format, everyShape())).as("deterministic").isEqualTo(pack);
  }

  @ParameterizedTest
  @EnumSource
  void everyRandomPackComesBackAsItself(SenmlFormat format) throws Exception {
    RandomReadings random = new RandomReadings(8428, NOW);
    for (int i = 0; i < 5_000; i++) {
      List<Reading> pack = random.pack();

      assertThat(DECODER.decode(format, SenmlEncoder.encode(format, pack), NOW)).isEqualTo(pack);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Provision("5.13-1A")
  void refusesEveryTruncationOfAValidPack(SenmlFormat format) {
    byte[] pack = SenmlEncoder.encode(format, everyShape());
    for (int length = 0; length < pack.length; length++) {
      byte[] truncated = Arrays.copyOf(pack, length);

      var refused =
          catchThrowableOfType(
              ReadingRefusedException.class, () -> DECODER.decode(format, truncated, NOW));

      assertThat(refused.reason().code()).as("%d bytes", length).endsWith("-truncated");
    }
  }

  @ParameterizedTest
  @EnumSource
  @Provision("5.13-1A")
  void aHundredThousandMutationsEndInReadingsOrATypedRefusal(SenmlFormat format) throws Exception {
    byte[] pack = SenmlEncoder.encode(format, everyShape());
    Random random = new Random(13);
    int refused = 0;
    int read = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] mutated = pack.clone();
      mutated[random.nextInt(pack.length)] = (byte) random.nextInt(256);
      try {
        List<Reading> readings = DECODER.decode(format, mutated, NOW);
        assertThat(DECODER.decode(format, SenmlEncoder.encode(format, readings), NOW))
            .isEqualTo(readings);
        read++;
      } catch (ReadingRefusedException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
    assertThat(read).isPositive();
  }

  @Test
  void refusesToEncodeWhatSenmlCannotSay() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SenmlEncoder.encode(SenmlFormat.SENML_CBOR, List.of()));
    List<Reading> early =
        List.of(Reading.quantity("1", 1, "", Instant.parse("1977-01-01T00:00:00Z")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SenmlEncoder.encode(SenmlFormat.SENML_CBOR, early));
  }

  @Test
  void refusesToMakeReadingsThatAreNone() {
    Value one = new Value.Quantity(1);
    for (String name : List.of("", "a b", "-1", "é")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Reading.of(name, Optional.empty(), one, NOW));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new Value.Quantity(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> new Value.Text("\ud800"));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Reading(
                    "x",
                    "1",
                    Optional.empty(),
                    Optional.empty(),
                    OptionalDouble.empty(),
                    NOW,
                    OptionalDouble.empty()));
  }
}

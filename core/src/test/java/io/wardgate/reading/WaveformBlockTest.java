// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.wardgate.Reason;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaveformBlockTest {

  private static final Duration AT_250_HZ = Duration.ofMillis(4);

  @Test
  void hasTheLayoutItsDocumentationSays() {
    WaveformBlock block = new WaveformBlock(AT_250_HZ, 0.5f, -1, new short[] {1, -2});

    assertThat(HexFormat.of().formatHex(block.toBytes()))
        .isEqualTo("01" + "00000fa0" + "3f000000" + "bf800000" + "0002" + "0001" + "fffe");
    assertThat(block.samples()).containsExactly(-0.5, -2);
    assertThat(block.period()).isEqualTo(AT_250_HZ);
  }

  @Test
  void parsesWhatItWrites() throws Exception {
    short[] raw = new short[WaveformBlock.MAX_SAMPLES];
    Arrays.setAll(new int[raw.length], i -> raw[i] = (short) (i * 7));
    WaveformBlock block = new WaveformBlock(Duration.ofNanos(1000), 1e-6f, 3, raw);

    assertThat(WaveformBlock.parse(block.toBytes())).isEqualTo(block);
  }

  @Test
  void refusesEveryTruncation() {
    byte[] bytes = new WaveformBlock(AT_250_HZ, 1, 0, new short[] {1, 2, 3}).toBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] truncated = Arrays.copyOf(bytes, length);
      var refused =
          catchThrowableOfType(ReadingRefusedException.class, () -> WaveformBlock.parse(truncated));
      assertThat(refused.reason())
          .isEqualTo(
              length == 0 ? Reason.WAVEFORM_VERSION_UNKNOWN : Reason.WAVEFORM_LENGTH_MISMATCH);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "02 00000fa0 3f800000 00000000 0001 0001,    WAVEFORM_VERSION_UNKNOWN",
    "01 00000fa0 3f800000 00000000 0001 0001 00, WAVEFORM_LENGTH_MISMATCH",
    "01 00000fa0 3f800000 00000000 4001,         WAVEFORM_TOO_LONG",
    "01 00000fa0 3f800000 00000000 ffff,         WAVEFORM_TOO_LONG",
    "01 00000000 3f800000 00000000 0001 0001,    WAVEFORM_SCALE_INVALID",
    "01 00000fa0 00000000 00000000 0001 0001,    WAVEFORM_SCALE_INVALID",
    "01 00000fa0 7f800000 00000000 0001 0001,    WAVEFORM_SCALE_INVALID",
    "01 00000fa0 7fc00000 00000000 0001 0001,    WAVEFORM_SCALE_INVALID",
    "01 00000fa0 3f800000 ff800000 0001 0001,    WAVEFORM_SCALE_INVALID"
  })
  void refusesWithReason(String hex, Reason reason) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));

    var refused =
        catchThrowableOfType(ReadingRefusedException.class, () -> WaveformBlock.parse(bytes));

    assertThat(refused.reason()).isEqualTo(reason);
  }

  @Test
  void dataThatIsNoWaveformIsJustData() {
    Value.Data data = new Value.Data(new byte[] {1, 2, 3});

    assertThat(data.waveform()).isEmpty();
    assertThat(data.bytes()).containsExactly(1, 2, 3);
    WaveformBlock block = new WaveformBlock(AT_250_HZ, 1, 0, new short[1]);
    assertThat(new Value.Data(block.toBytes()).waveform()).contains(block);
  }

  @Test
  void physicalSamplesKeepFourDigits() {
    double[] ecg = new double[250];
    Arrays.setAll(ecg, i -> 1.2 * Math.sin(i / 7.0));

    double[] back = WaveformBlock.fitting(AT_250_HZ, ecg).samples();

    for (int i = 0; i < ecg.length; i++) {
      assertThat(back[i]).isCloseTo(ecg[i], within(1.2 / 60_000));
    }
    assertThat(WaveformBlock.fitting(AT_250_HZ, new double[3]).samples()).containsOnly(0);
  }

  @Test
  void arraysAreCopiedInAndOut() {
    short[] raw = {1};
    WaveformBlock block = new WaveformBlock(AT_250_HZ, 1, 0, raw);
    raw[0] = 2;
    block.samples()[0] = 3;
    block.toBytes()[16] = 4;

    assertThat(block.samples()).containsExactly(1);
  }

  @Test
  void refusesToMakeWhatTheLayoutCannotHold() {
    short[] none = {};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WaveformBlock(Duration.ZERO, 1, 0, none));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WaveformBlock(Duration.ofDays(9), 1, 0, none));
    assertThatIllegalArgumentException().isThrownBy(() -> new WaveformBlock(AT_250_HZ, 0, 0, none));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new WaveformBlock(AT_250_HZ, 1, 0, new short[WaveformBlock.MAX_SAMPLES + 1]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WaveformBlock.fitting(AT_250_HZ, new double[] {Double.NaN}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WaveformBlock.fitting(AT_250_HZ, new double[] {1e300}));
  }
}

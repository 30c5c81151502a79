// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.Reason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/**
 * A stretch of waveform (ECG, plethysmogram) as SenML carries it in one data value.
 *
 * <p>Our own format, big-endian, {@code 15 + 2 * count} bytes and not one more:
 *
 * <pre>
 * offset  bytes  what
 *      0      1  version, 1
 *      1      4  time between two samples in microseconds, unsigned, at least 1
 *      5      4  scale, IEEE 754 binary32, finite and not zero
 *      9      4  offset, IEEE 754 binary32, finite
 *     13      2  count of samples, unsigned, at most 16384
 *     15  2 * n  samples, signed; each means raw * scale + offset, in the reading's unit
 * </pre>
 *
 * <p>The reading's time is that of the first sample. {@value #MAX_SAMPLES} samples are a minute at
 * 250 Hz, and fit a pack of 64 KiB in CBOR and JSON alike. Immutable; arrays are copied in and out.
 */
public final class WaveformBlock {

  /** The most samples a block may have. */
  public static final int MAX_SAMPLES = 16_384;

  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 15;
  private static final long MAX_PERIOD_MICROS = 0xffff_ffffL;

  private final long periodMicros;
  private final float scale;
  private final float offset;
  private final short[] raw;

  /**
   * Samples that are already counts of a converter.
   *
   * @throws IllegalArgumentException if the layout cannot hold one of them
   */
  public WaveformBlock(Duration period, float scale, float offset, short[] raw) {
    this(micros(period), scale, offset, raw.clone());
    if (!isMeasurable(periodMicros, scale, offset) || raw.length > MAX_SAMPLES) {
      throw new IllegalArgumentException("no waveform block can hold this");
    }
  }

  private WaveformBlock(long periodMicros, float scale, float offset, short[] raw) {
    this.periodMicros = periodMicros;
    this.scale = scale;
    this.offset = offset;
    this.raw = raw;
  }

  /**
   * Samples in the reading's unit, rounded to 1/32767 of the largest of them.
   *
   * @throws IllegalArgumentException if one is not finite, or the layout cannot hold them
   */
  public static WaveformBlock fitting(Duration period, double[] samples) {
    double largest = 0;
    for (double sample : samples) {
      largest = Math.max(largest, Math.abs(sample));
    }
    if (!Double.isFinite(largest)) {
      throw new IllegalArgumentException("not a finite sample");
    }
    float scale = Math.max((float) (largest / Short.MAX_VALUE), Float.MIN_NORMAL);
    short[] raw = new short[samples.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (short) Math.rint(samples[i] / scale);
    }
    return new WaveformBlock(period, scale, 0, raw);
  }

  /**
   * Reads the layout above.
   *
   * @throws ReadingRefusedException with a {@code WAVEFORM_} reason if the bytes are anything else
   */
  public static WaveformBlock parse(byte[] bytes) throws ReadingRefusedException {
    if (bytes.length == 0 || bytes[0] != VERSION) {
      throw new ReadingRefusedException(Reason.WAVEFORM_VERSION_UNKNOWN, 0, "not version 1");
    }
    if (bytes.length < HEADER_BYTES) {
      throw new ReadingRefusedException(
          Reason.WAVEFORM_LENGTH_MISMATCH, 0, bytes.length + " bytes are no header");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    long periodMicros = Integer.toUnsignedLong(in.getInt());
    float scale = in.getFloat();
    float offset = in.getFloat();
    int count = Short.toUnsignedInt(in.getShort());
    if (count > MAX_SAMPLES) {
      throw new ReadingRefusedException(Reason.WAVEFORM_TOO_LONG, 13, count + " samples");
    }
    if (in.remaining() != 2 * count) {
      throw new ReadingRefusedException(
          Reason.WAVEFORM_LENGTH_MISMATCH, 13, in.remaining() + " bytes for " + count + " samples");
    }
    if (!isMeasurable(periodMicros, scale, offset)) {
      throw new ReadingRefusedException(Reason.WAVEFORM_SCALE_INVALID, 1, "period, scale, offset");
    }
    short[] raw = new short[count];
    in.asShortBuffer().get(raw);
    return new WaveformBlock(periodMicros, scale, offset, raw);
  }

  /** The layout above. */
  public byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + 2 * raw.length);
    out.put((byte) VERSION).putInt((int) periodMicros).putFloat(scale).putFloat(offset);
    out.putShort((short) raw.length);
    out.asShortBuffer().put(raw);
    return out.array();
  }

  /** The time between two samples. */
  public Duration period() {
    return Duration.of(periodMicros, ChronoUnit.MICROS);
  }

  /** How many samples. */
  public int count() {
    return raw.length;
  }

  /** The samples in the reading's unit, oldest first. */
  public double[] samples() {
    double[] samples = new double[raw.length];
    for (int i = 0; i < raw.length; i++) {
      samples[i] = raw[i] * (double) scale + offset;
    }
    return samples;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WaveformBlock that && Arrays.equals(toBytes(), that.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }

  /** The shape only: samples must not reach logs. */
  @Override
  public String toString() {
    return "WaveformBlock[" + raw.length + " samples every " + periodMicros + " us]";
  }

  private static boolean isMeasurable(long periodMicros, float scale, float offset) {
    return periodMicros >= 1
        && periodMicros <= MAX_PERIOD_MICROS
        && Float.isFinite(scale)
        && scale != 0
        && Float.isFinite(offset);
  }

  private static long micros(Duration period) {
    if (period.isNegative() || period.compareTo(Duration.ofHours(2)) > 0) {
      throw new IllegalArgumentException("no waveform block can hold this");
    }
    return period.toNanos() / 1000;
  }
}

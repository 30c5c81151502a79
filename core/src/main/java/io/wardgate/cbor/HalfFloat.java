// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cbor;

/** IEEE 754 binary16, which Java 17 has no conversion for. */
final class HalfFloat {

  /** What {@link #exactBits} answers if the number has no binary16. */
  static final int NOT_EXACT = -1;

  private static final int INFINITY = 0x7c00;
  private static final int QUIET_NAN = 0x7e00;

  private HalfFloat() {}

  static double toDouble(int bits) {
    int exponent = bits >>> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double magnitude;
    if (exponent == 0) {
      magnitude = Math.scalb((double) fraction, -24);
    } else if (exponent == 31) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else {
      magnitude = Math.scalb((double) (fraction | 0x400), exponent - 25);
    }
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }

  /** The binary16 equal to {@code value}, sign of zero included, or {@link #NOT_EXACT}. */
  static int exactBits(double value) {
    if (Double.isNaN(value)) {
      return QUIET_NAN;
    }
    int sign = Double.doubleToRawLongBits(value) < 0 ? 0x8000 : 0;
    double magnitude = Math.abs(value);
    if (Double.isInfinite(magnitude)) {
      return sign | INFINITY;
    }
    int exponent = Math.max(Math.getExponent(magnitude), -14);
    if (exponent > 15) {
      return NOT_EXACT;
    }
    // In units of the last place this exponent has in binary16.
    double units = Math.scalb(magnitude, 10 - exponent);
    if (units != Math.rint(units)) {
      return NOT_EXACT;
    }
    int significand = (int) units;
    return significand < 0x400
        ? sign | significand
        : sign | (exponent + 15) << 10 | (significand & 0x3ff);
  }
}

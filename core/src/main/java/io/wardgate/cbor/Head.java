// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cbor;

import io.wardgate.Reason;

/**
 * An item's first byte and argument (RFC 8949 section 3), and where its content begins.
 *
 * @param info the low five bits of the first byte
 * @param argument the unsigned argument, so negative from 2^63 on; of a float, its bits
 * @param next the offset behind the argument
 */
record Head(int info, long argument, int next) {

  static final int INDEFINITE = 31;

  static int initialByte(byte[] input, int at, int end) throws MalformedCborException {
    if (at == end) {
      throw new MalformedCborException(
          Reason.CBOR_TRUNCATED, at, "nothing where an item should be");
    }
    return input[at] & 0xff;
  }

  static Head parse(byte[] input, int at, int end) throws MalformedCborException {
    int initial = initialByte(input, at, end);
    int major = initial >>> 5;
    int info = initial & 31;
    if (info < 24) {
      return new Head(info, info, at + 1);
    }
    if (info > 27) {
      boolean stringOrContainer = major >= 2 && major <= 5;
      throw new MalformedCborException(
          info == INDEFINITE && stringOrContainer
              ? Reason.CBOR_INDEFINITE_LENGTH
              : Reason.CBOR_RESERVED_ENCODING,
          at,
          "additional information " + info);
    }
    int size = 1 << (info - 24);
    if (size > end - at - 1) {
      throw new MalformedCborException(
          Reason.CBOR_TRUNCATED, at, "an argument of " + size + " bytes");
    }
    long argument = 0;
    for (int i = 1; i <= size; i++) {
      argument = (argument << 8) | (input[at + i] & 0xff);
    }
    if (!isShortest(major, info, argument)) {
      throw new MalformedCborException(
          Reason.CBOR_NOT_SHORTEST_FORM, at, "an argument of " + size + " bytes");
    }
    return new Head(info, argument, at + 1 + size);
  }

  /** The double nearest to the integer this is the argument of. */
  double asDouble(boolean negative) {
    if (!negative) {
      return unsignedToDouble(argument);
    }
    // -1 - argument, without a second rounding; the lowest of all is -2^64.
    return argument == -1 ? -0x1p64 : -unsignedToDouble(argument + 1);
  }

  private static double unsignedToDouble(long bits) {
    // From 2^63 on halved, the lost bit kept sticky, so that the one rounding is the right one.
    return bits >= 0 ? bits : (double) ((bits >>> 1) | (bits & 1)) * 2.0;
  }

  private static boolean isShortest(int major, int info, long argument) {
    if (major == 7) {
      return info != 24 || argument >= 32;
    }
    return switch (info) {
      case 24 -> argument >= 24;
      case 25 -> argument > 0xff;
      case 26 -> argument > 0xffff;
      default -> argument >>> 32 != 0;
    };
  }
}

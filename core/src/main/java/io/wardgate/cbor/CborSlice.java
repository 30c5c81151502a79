// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cbor;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A part of the input, not copied: what a digest or signature is computed over must be the bytes
 * that came, never an encoding of what was understood.
 *
 * <p>Stands for as long as the input is left unchanged.
 */
public final class CborSlice {

  private final byte[] input;
  private final int offset;
  private final int length;

  CborSlice(byte[] input, int offset, int length) {
    this.input = input;
    this.offset = offset;
    this.length = length;
  }

  /** Where it begins, counted from the first byte of the whole input. */
  public int offset() {
    return offset;
  }

  /** How many bytes it has. */
  public int length() {
    return length;
  }

  /** Its bytes, as a copy. */
  public byte[] toBytes() {
    return Arrays.copyOfRange(input, offset, offset + length);
  }

  /** Its bytes, read-only and not copied. */
  public ByteBuffer toBuffer() {
    return ByteBuffer.wrap(input, offset, length).slice().asReadOnlyBuffer();
  }

  /** Reads the slice as CBOR; offsets in failures still count from the whole input. */
  public CborReader reader(int maxDepth) {
    return new CborReader(input, offset, length, maxDepth);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.util.OptionalInt;

/**
 * A pack of readings was refused as a whole; {@link #offset()} says where it broke which rule.
 *
 * <p>The message holds numbers and names of fields, never what the sensor said.
 */
public final class ReadingRefusedException extends WardgateException {

  private static final long serialVersionUID = 1L;
  private static final int UNKNOWN = -1;

  private final int offset;

  ReadingRefusedException(Reason reason, String detail) {
    super(reason, detail);
    this.offset = UNKNOWN;
  }

  ReadingRefusedException(Reason reason, int offset, String detail) {
    super(reason, detail + " at byte " + offset);
    this.offset = offset;
  }

  ReadingRefusedException(WardgateException malformed, int offset) {
    super(malformed.reason(), "not readable at byte " + offset, malformed);
    this.offset = offset;
  }

  /** The byte of the payload the refusal is about, where one can be named. */
  public OptionalInt offset() {
    return offset == UNKNOWN ? OptionalInt.empty() : OptionalInt.of(offset);
  }
}

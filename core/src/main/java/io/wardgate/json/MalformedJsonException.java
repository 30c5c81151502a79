// SPDX-License-Identifier: Apache-2.0
package io.wardgate.json;

import io.wardgate.Reason;
import io.wardgate.WardgateException;

/** JSON was refused; {@link #offset()} says at which byte of the whole input. */
public final class MalformedJsonException extends WardgateException {

  private static final long serialVersionUID = 1L;

  private final int offset;

  /** A refusal of what begins at {@code offset}. */
  public MalformedJsonException(Reason reason, int offset, String detail) {
    super(reason, detail + " at byte " + offset);
    this.offset = offset;
  }

  /** Where the refused value or byte stands, counted from the first byte of the whole input. */
  public int offset() {
    return offset;
  }
}

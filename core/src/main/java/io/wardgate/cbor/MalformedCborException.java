// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cbor;

import io.wardgate.Reason;
import io.wardgate.WardgateException;

/** CBOR was refused; {@link #offset()} says at which byte of the whole input. */
public final class MalformedCborException extends WardgateException {

  private static final long serialVersionUID = 1L;

  private final int offset;

  /** A refusal of the item that begins at {@code offset}. */
  public MalformedCborException(Reason reason, int offset, String detail) {
    super(reason, detail + " at byte " + offset);
    this.offset = offset;
  }

  /** Where the refused item begins, counted from the first byte of the whole input. */
  public int offset() {
    return offset;
  }
}

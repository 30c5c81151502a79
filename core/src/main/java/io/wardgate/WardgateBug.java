// SPDX-License-Identifier: Apache-2.0
package io.wardgate;

/**
 * Something that cannot happen happened: a fault of Wardgate's own, to be reported to its makers.
 */
public final class WardgateBug extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Wraps what "cannot happen". */
  public WardgateBug(String impossible, Throwable cause) {
    super(impossible, cause);
  }

  /** Names what "cannot happen". */
  public WardgateBug(String impossible) {
    super(impossible);
  }
}

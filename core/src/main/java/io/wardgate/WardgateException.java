// SPDX-License-Identifier: Apache-2.0
package io.wardgate;

/**
 * The outside world did something Wardgate refuses; {@link #reason()} says what, in a word that
 * stays the same across releases.
 *
 * <p>A caller's own mistake is an unchecked {@link IllegalArgumentException} or {@link
 * IllegalStateException} instead, and ours is a {@link WardgateBug}. The message is for people, may
 * change, and never holds a secret or a payload.
 */
public class WardgateException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** A refusal, and the numbers or names that explain it to a person. */
  public WardgateException(Reason reason, String detail) {
    super(reason.code() + ": " + detail);
    this.reason = reason;
  }

  /** A refusal that another failure led to. */
  public WardgateException(Reason reason, String detail, Throwable cause) {
    super(reason.code() + ": " + detail, cause);
    this.reason = reason;
  }

  /** Which rule was broken. */
  public final Reason reason() {
    return reason;
  }
}

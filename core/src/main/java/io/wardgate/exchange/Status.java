// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

/**
 * How a request ended: the CoAP response codes Wardgate uses (RFC 7252 section 12.1.2, RFC 7959).
 */
public enum Status {
  /** 2.01 */
  CREATED(2, 1),
  /** 2.02 */
  DELETED(2, 2),
  /** 2.03 */
  VALID(2, 3),
  /** 2.04; for a reading: it is durable. */
  CHANGED(2, 4),
  /** 2.05 */
  CONTENT(2, 5),
  /** 2.31; the next block is welcome. */
  CONTINUE(2, 31),
  /** 4.00 */
  BAD_REQUEST(4, 0),
  /** 4.01; a proof is missing, or the session is over. */
  UNAUTHORIZED(4, 1),
  /** 4.02; a critical option is not understood. */
  BAD_OPTION(4, 2),
  /** 4.03 */
  FORBIDDEN(4, 3),
  /** 4.04 */
  NOT_FOUND(4, 4),
  /** 4.05 */
  METHOD_NOT_ALLOWED(4, 5),
  /** 4.06 */
  NOT_ACCEPTABLE(4, 6),
  /** 4.08; blocks are missing. */
  REQUEST_ENTITY_INCOMPLETE(4, 8),
  /** 4.13 */
  REQUEST_ENTITY_TOO_LARGE(4, 13),
  /** 4.15 */
  UNSUPPORTED_CONTENT_FORMAT(4, 15),
  /** 5.00 */
  INTERNAL_SERVER_ERROR(5, 0),
  /** 5.03; try again after Max-Age. */
  SERVICE_UNAVAILABLE(5, 3);

  private final int codeClass;
  private final int detail;

  Status(int codeClass, int detail) {
    this.codeClass = codeClass;
    this.detail = detail;
  }

  /** The code as one byte: class in the upper three bits, detail in the lower five. */
  public int code() {
    return codeClass << 5 | detail;
  }

  /** Whether the request was fulfilled. */
  public boolean isSuccess() {
    return codeClass == 2;
  }

  /** As the RFC writes it, for example {@code 2.04}. */
  @Override
  public String toString() {
    return codeClass + "." + (detail < 10 ? "0" : "") + detail;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

/** What a request asks for (RFC 7252 section 5.8). */
public enum Method {
  /** Read. */
  GET,
  /** Hand in. */
  POST,
  /** Set. */
  PUT,
  /** Remove. */
  DELETE
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

/**
 * A token did not sign. An error and not an exception, because Scandium takes every exception there
 * for an empty signature and sends it to the peer; so the handshake ends without one.
 */
final class TokenFailure extends Error {

  private static final long serialVersionUID = 1L;

  TokenFailure(String detail, Throwable cause) {
    super(detail, cause);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

import io.wardgate.identity.AuthenticatedPeer;

/**
 * One whole request of a device that proved who it is. Immutable; the payload is copied in and out.
 */
public final class Request {

  private final RequestHead head;
  private final byte[] payload;

  /** A request with its assembled body. */
  public Request(RequestHead head, byte[] payload) {
    this.head = head;
    this.payload = payload.clone();
  }

  /** All but the body. */
  public RequestHead head() {
    return head;
  }

  /** Who asks. */
  public AuthenticatedPeer peer() {
    return head.peer();
  }

  /** The body; empty if there is none. */
  public byte[] payload() {
    return payload.clone();
  }

  /** Method, path and size; never the body. */
  @Override
  public String toString() {
    return head.method() + " " + head.pathText() + " (" + payload.length + " bytes)";
  }
}

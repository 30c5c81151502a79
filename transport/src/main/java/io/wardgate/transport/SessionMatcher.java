// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import java.security.Principal;
import java.util.Objects;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.jspecify.annotations.Nullable;

/**
 * Binds every exchange to the DTLS session its request came over (RFC 7252 section 9.1).
 *
 * <p>Message ids and tokens mean something within one session only: a repeat in the same session is
 * a repeat, also from a new address; the same message id in a new session is a new message, so that
 * a reading after a reconnect is never taken for one before it; and an answer never leaves on
 * another session than its question came by, also not one of the same device.
 */
final class SessionMatcher implements EndpointContextMatcher {

  /**
   * What tells one session from every other.
   *
   * @param principal who proved itself at the handshake
   * @param handshake when the handshake ended
   */
  record SessionKey(Principal principal, Long handshake) {}

  @Override
  public String getName() {
    return "session";
  }

  @Override
  public Object getEndpointIdentity(EndpointContext context) {
    SessionKey key = sessionOf(context);
    if (key == null) {
      throw new IllegalArgumentException("a message without a session");
    }
    return key;
  }

  @Override
  public boolean isResponseRelatedToRequest(EndpointContext request, EndpointContext response) {
    return sameSession(request, response);
  }

  @Override
  public boolean isToBeSent(EndpointContext message, @Nullable EndpointContext connection) {
    return connection != null && sameSession(message, connection);
  }

  @Override
  public String toRelevantState(EndpointContext context) {
    return "session of " + context.getPeerAddress();
  }

  static @Nullable SessionKey sessionOf(EndpointContext context) {
    Principal principal = context.getPeerIdentity();
    Long handshake = context.get(DtlsEndpointContext.KEY_HANDSHAKE_TIMESTAMP);
    return principal == null || handshake == null ? null : new SessionKey(principal, handshake);
  }

  private static boolean sameSession(EndpointContext one, EndpointContext other) {
    SessionKey key = sessionOf(one);
    return key != null && Objects.equals(key, sessionOf(other));
  }
}

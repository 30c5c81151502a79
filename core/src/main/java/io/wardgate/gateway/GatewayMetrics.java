// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

/**
 * What a gateway has counted since it was started; a snapshot whose figures were read one after the
 * other, not at one instant.
 *
 * @param sessions sessions open now
 * @param sessionsResumed of the handshakes those that needed no certificate and no key: a device
 *     came back
 * @param sessionsRestored sessions that went on over the last restart without any handshake
 * @param peersAdmitted handshakes that ended in a session
 * @param peersRefused handshakes that did not
 * @param requestsAnswered requests answered with success
 * @param requestsRefused requests answered with 4.xx
 * @param requestsShed requests answered with 5.03
 * @param requestsFailed requests answered with 5.00
 * @param outstanding requests not answered yet
 * @param eventsDropped security events that found the queue full
 * @param auditLost security events that could not be written to the audit trail
 * @param tokenDegraded whether the hardware token with the gateway's key does not sign
 */
public record GatewayMetrics(
    int sessions,
    long sessionsResumed,
    int sessionsRestored,
    long peersAdmitted,
    long peersRefused,
    long requestsAnswered,
    long requestsRefused,
    long requestsShed,
    long requestsFailed,
    int outstanding,
    long eventsDropped,
    long auditLost,
    boolean tokenDegraded) {}

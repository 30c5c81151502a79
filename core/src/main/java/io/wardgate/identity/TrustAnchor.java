// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import java.security.cert.X509Certificate;

/**
 * A certificate authority trusted to name devices, and the namespace its names live in.
 *
 * @param namespace keeps equal serials of two authorities apart; empty for the gateway's own
 * @param certificate the authority's certificate
 */
record TrustAnchor(String namespace, X509Certificate certificate) {}

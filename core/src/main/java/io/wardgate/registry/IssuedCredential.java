// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

/**
 * A credential that was given out, by what makes it one of a kind. Holds no secret. Immutable.
 *
 * <p>Whatever is one of a kind in it is issued once: no second device gets it, for as long as the
 * ledger is kept.
 */
public sealed interface IssuedCredential permits IssuedCertificate, IssuedKey, IssuedPreSharedKey {

  /** By what a peer that proves it is recognised. */
  KeyFingerprint key();
}

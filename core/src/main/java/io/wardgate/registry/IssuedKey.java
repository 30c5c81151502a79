// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

/**
 * A key of which nothing more is known: that of a certificate made elsewhere, or one that a
 * registry of version 0.1 named.
 *
 * @param key of a public key, or of a pre-shared key's identity
 */
public record IssuedKey(KeyFingerprint key) implements IssuedCredential {}

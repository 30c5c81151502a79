// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

/**
 * A pre-shared key that was given out.
 *
 * @param key of the identity it goes by
 * @param secret of the key itself
 */
public record IssuedPreSharedKey(KeyFingerprint key, SecretFingerprint secret)
    implements IssuedCredential {}

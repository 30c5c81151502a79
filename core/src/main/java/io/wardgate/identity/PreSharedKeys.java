// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import java.util.Optional;

/**
 * Where pre-shared keys are looked up by the identity a peer claims.
 *
 * <p>Asked during handshakes, on protocol threads: answers from memory, thread-safe. An unknown
 * identity is empty, and looks to the peer like a wrong key. What is found stays the source's: who
 * looks it up never destroys it, so that one key may serve many handshakes.
 *
 * <p>An identity is one key's for ever. A device that gets a new key gets a new identity with it:
 * sessions are known by the identity, and those of an old key would go on under the new one.
 */
@FunctionalInterface
public interface PreSharedKeys {

  /** The key a peer of that identity must prove, or empty. */
  Optional<PreSharedKey> find(String identity);
}

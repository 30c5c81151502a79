// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A device as it is known here: who it is, what it is for, where it stands, since when, and by
 * which credentials. Immutable.
 *
 * @param device who
 * @param role what it is for
 * @param state where it stands
 * @param since when it was registered
 * @param credentials those it may use; if there is none, any of its authority's for this name will
 *     do
 */
public record Registration(
    DeviceId device,
    Role role,
    DeviceState state,
    Instant since,
    List<IssuedCredential> credentials) {

  /** A device has one or two, and for a while those it is to give up. */
  public static final int MAX_CREDENTIALS = 16;

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there are more than {@value #MAX_CREDENTIALS} credentials,
   *     or two of one key
   */
  public Registration {
    credentials = List.copyOf(credentials);
    if (credentials.size() > MAX_CREDENTIALS || namesAKeyTwice(credentials)) {
      throw new IllegalArgumentException(
          "a device has at most " + MAX_CREDENTIALS + " credentials, each of another key");
    }
  }

  /**
   * A new device whose authority is trusted to have certified only one key for this name. Prefer
   * {@link #with}: then a second certificate of that name opens nothing.
   */
  public Registration(DeviceId device, Role role, Instant since) {
    this(device, role, DeviceState.ISSUED, since, List.of());
  }

  /** The same device, which may use this credential besides those it has. */
  public Registration with(IssuedCredential credential) {
    List<IssuedCredential> more = new ArrayList<>(credentials);
    more.add(credential);
    return new Registration(device, role, state, since, more);
  }

  /**
   * The same device, which may use this credential too. Of those it never came with, which a device
   * could pile up, the oldest goes when there are {@value #MAX_CREDENTIALS}; never the one it came
   * with.
   */
  Registration having(IssuedCredential credential, KeyFingerprint cameWith) {
    List<IssuedCredential> all = new ArrayList<>(credentials);
    if (all.isEmpty()) {
      // Bound from now on: it must still be let in with what it has, until it has the new one.
      all.add(new IssuedKey(cameWith));
    }
    while (all.size() >= MAX_CREDENTIALS) {
      all.remove(all.get(0).key().equals(cameWith) ? 1 : 0);
    }
    all.add(credential);
    return new Registration(device, role, state, since, all);
  }

  /** The same device without the credentials it was given before the one of that key. */
  Registration from(KeyFingerprint key) {
    for (int i = 0; i < credentials.size(); i++) {
      if (credentials.get(i).key().equals(key)) {
        return new Registration(
            device, role, state, since, credentials.subList(i, credentials.size()));
      }
    }
    return this;
  }

  /** The same with a credential of which only the key is known. */
  public Registration boundTo(KeyFingerprint key) {
    return with(new IssuedKey(key));
  }

  /** The same device in another state. */
  public Registration in(DeviceState next) {
    return new Registration(device, role, next, since, credentials);
  }

  private static boolean namesAKeyTwice(List<IssuedCredential> credentials) {
    for (int i = 1; i < credentials.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (credentials.get(i).key().equals(credentials.get(j).key())) {
          return true;
        }
      }
    }
    return false;
  }

  /** The keys it is bound to; empty if it is bound to none. */
  public Set<KeyFingerprint> keys() {
    return credentials.stream().map(IssuedCredential::key).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether it may come with this key: one of its own, or any if it is bound to none. */
  public boolean admits(KeyFingerprint key) {
    for (IssuedCredential credential : credentials) {
      if (credential.key().equals(key)) {
        return true;
      }
    }
    return credentials.isEmpty();
  }
}

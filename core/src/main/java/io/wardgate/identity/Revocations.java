// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.identity.Link.Signer;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.CertificateSerial;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.time.ClockReading;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known here to be revoked: the lists that authorities signed, and what this gateway denies
 * by itself. Works without a network; somebody pushes the lists.
 *
 * <p>Of each authority the list with the highest number counts, and none with a lower number is
 * taken after it. A list that is older than its next update makes every certificate of its
 * authority unknown, unless the {@link RevocationPolicy} grants some grace. What is taken or denied
 * is on disk before it holds. Thread-safe; answers from memory. Supports EN 303 645 5.1-3 and
 * 5.5-4.
 */
public final class Revocations {

  /** More authorities, and more denied by hand, than any gateway has. */
  static final int MAX_LISTS = 64;

  static final int MAX_DENIED = 100_000;

  /** All that is known; replaced as a whole, so that a request sees one state. */
  record Known(
      Map<Signer, RevocationList> lists, Set<CertificateSerial> serials, Set<KeyFingerprint> keys) {

    static final Known NOTHING = new Known(Map.of(), Set.of(), Set.of());

    Known {
      lists = Map.copyOf(lists);
      serials = Set.copyOf(serials);
      keys = Set.copyOf(keys);
    }

    boolean isEmpty() {
      return lists.isEmpty() && serials.isEmpty() && keys.isEmpty();
    }
  }

  private final Optional<RevocationFile> file;
  private volatile Known known;
  private volatile Runnable whenChanged = () -> {};

  private final boolean damaged;

  private Revocations(Optional<RevocationFile> file, Known known, boolean damaged) {
    this.file = file;
    this.known = known;
    this.damaged = damaged;
  }

  /** Nothing revoked yet; forgotten when the process ends. */
  public static Revocations inMemory() {
    return new Revocations(Optional.empty(), Known.NOTHING, false);
  }

  /**
   * What is kept in {@code directory}; nothing if nothing was. Of a file that is not what was
   * written nothing is believed, and {@link #isDamaged} says so: a gateway that refused to start
   * would be worse, and the lists can be pushed again.
   *
   * @throws WardgateException {@link Reason#STATE_NEWER} or {@link Reason#STATE_UNAVAILABLE}
   */
  public static Revocations in(Path directory, StateKeys keys) throws WardgateException {
    RevocationFile file = new RevocationFile(directory, keys);
    try {
      return new Revocations(Optional.of(file), file.read(), false);
    } catch (WardgateException e) {
      if (e.reason() != Reason.STATE_DAMAGED) {
        throw e;
      }
      return new Revocations(Optional.of(file), Known.NOTHING, true);
    }
  }

  /** Whether what was kept is lost; also after it was replaced, until the next opening. */
  public boolean isDamaged() {
    return damaged;
  }

  /**
   * Takes a list, in DER.
   *
   * @param authorities one of them must have signed it
   * @throws WardgateException {@link Reason#CRL_UNUSABLE} if it does not parse, is not whole, none
   *     of these authorities may have and has signed it, or another list with its number was taken;
   *     {@link Reason#CRL_OLDER} if one with a higher number was; {@link Reason#STATE_FULL} after
   *     {@value #MAX_LISTS} authorities; {@link Reason#STATE_UNAVAILABLE} if it cannot be kept.
   *     Then nothing has changed
   */
  public synchronized void accept(byte[] der, Collection<X509Certificate> authorities)
      throws WardgateException {
    RevocationList list = RevocationList.of(der, authorities);
    Signer signer = Signer.of(list.authority());
    Map<Signer, RevocationList> lists = new HashMap<>(known.lists());
    RevocationList before = lists.put(signer, list);
    if (before != null) {
      int order = list.number().compareTo(before.number());
      if (order < 0) {
        throw new WardgateException(
            Reason.CRL_OLDER, "number " + list.number() + " after " + before.number());
      }
      if (order == 0 && !Arrays.equals(list.encoded(), before.encoded())) {
        throw new WardgateException(
            Reason.CRL_UNUSABLE, "another list of the same number " + list.number());
      }
    }
    keep(new Known(lists, known.serials(), known.keys()));
  }

  /**
   * Denies one certificate, whatever its authority says.
   *
   * @throws WardgateException {@link Reason#STATE_FULL} after {@value #MAX_DENIED}, or {@link
   *     Reason#STATE_UNAVAILABLE}; then nothing has changed
   */
  public synchronized void deny(CertificateSerial serial) throws WardgateException {
    Set<CertificateSerial> serials = new HashSet<>(known.serials());
    serials.add(serial);
    keep(new Known(known.lists(), serials, known.keys()));
  }

  /**
   * Denies a key, in whatever certificate.
   *
   * @throws WardgateException as for {@link #deny(CertificateSerial)}
   */
  public synchronized void deny(KeyFingerprint key) throws WardgateException {
    Set<KeyFingerprint> keys = new HashSet<>(known.keys());
    keys.add(key);
    keep(new Known(known.lists(), known.serials(), keys));
  }

  private void keep(Known next) throws WardgateException {
    if (next.lists().size() > MAX_LISTS
        || next.serials().size() + next.keys().size() > MAX_DENIED) {
      throw new WardgateException(Reason.STATE_FULL, "no room for another revocation");
    }
    if (file.isPresent()) {
      file.get().write(next);
    }
    known = next;
    whenChanged.run();
  }

  /**
   * Calls {@code action} after each change, on the thread that made it. Replaces the one before.
   */
  public void whenChanged(Runnable action) {
    whenChanged = action;
  }

  /**
   * Checks a path whose signatures hold.
   *
   * @param path its links, end entity first
   * @return whether any list in use is overdue, within its grace
   * @throws WardgateException {@link Reason#CERTIFICATE_REVOKED} or {@link
   *     Reason#REVOCATION_UNKNOWN}
   */
  boolean require(List<Link> path, RevocationPolicy policy, ClockReading now)
      throws WardgateException {
    Known current = known;
    if (current.isEmpty() && !policy.listRequired()) {
      return false;
    }
    boolean overdue = false;
    for (int i = 0; i < path.size(); i++) {
      requireNotRevoked(path.get(i), current);
      overdue |= requireList(path.get(i), i == 0, current, policy, now);
    }
    return overdue;
  }

  private static void requireNotRevoked(Link link, Known current) throws WardgateException {
    RevocationList list = current.lists().get(link.authority());
    if (current.serials().contains(link.serial())
        || current.keys().contains(link.key())
        || current.keys().contains(link.authority().key())
        || (list != null && list.revoked().contains(link.serial()))) {
      throw new WardgateException(Reason.CERTIFICATE_REVOKED, link.serial().toString());
    }
  }

  private static boolean requireList(
      Link link, boolean endEntity, Known current, RevocationPolicy policy, ClockReading now)
      throws WardgateException {
    RevocationList list = current.lists().get(link.authority());
    if (list == null || !list.isAbout(endEntity)) {
      if (endEntity && policy.listRequired()) {
        throw unknown("its authority has given no list");
      }
      return false;
    }
    if (now.certainlyBefore(list.from())) {
      throw unknown("the list is from the future");
    }
    if (now.certainlyAfter(list.until().plus(policy.grace()))) {
      throw unknown("the list was to be renewed by " + list.until());
    }
    return now.certainlyAfter(list.until());
  }

  private static WardgateException unknown(String why) {
    return new WardgateException(Reason.REVOCATION_UNKNOWN, why);
  }
}

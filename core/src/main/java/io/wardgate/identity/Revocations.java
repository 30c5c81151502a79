// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.identity.Link.Signer;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.CertificateSerial;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.state.Standing;
import io.wardgate.time.ClockReading;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
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
 * <p>Of each authority and {@linkplain RevocationList.Scope scope} the list with the highest number
 * counts, and none with a lower number is taken after it; a list of another scope replaces none.
 * Lists that are all older than their next update make every certificate they are about unknown,
 * unless the {@link RevocationPolicy} grants some grace. What is taken or denied is on disk before
 * it holds. Thread-safe; answers from memory. Supports EN 303 645 5.1-3 and 5.5-4.
 */
public final class Revocations {

  /** More lists, and more denied by hand, than any gateway has. */
  static final int MAX_LISTS = 64;

  static final int MAX_DENIED = 100_000;

  /** All that is known; replaced as a whole, so that a request sees one state. */
  record Known(
      Map<Signer, List<RevocationList>> lists,
      Set<CertificateSerial> serials,
      Set<KeyFingerprint> keys) {

    static final Known NOTHING = new Known(Map.of(), Set.of(), Set.of());

    Known {
      lists = Map.copyOf(lists);
      serials = Set.copyOf(serials);
      keys = Set.copyOf(keys);
    }

    boolean isEmpty() {
      return lists.isEmpty() && serials.isEmpty() && keys.isEmpty();
    }

    List<RevocationList> of(Signer signer) {
      return lists.getOrDefault(signer, List.of());
    }

    long listCount() {
      return lists.values().stream().mapToLong(List::size).sum();
    }

    /** The same with {@code list}, instead of the one of its authority and scope. */
    Known with(RevocationList list) {
      Signer signer = Signer.of(list.authority());
      List<RevocationList> ofSigner = new ArrayList<>(of(signer));
      ofSigner.removeIf(other -> other.scope().equals(list.scope()));
      ofSigner.add(list);
      Map<Signer, List<RevocationList>> all = new HashMap<>(lists);
      all.put(signer, List.copyOf(ofSigner));
      return new Known(all, serials, keys);
    }
  }

  private final Optional<RevocationFile> file;
  private volatile Known known;
  private volatile Runnable whenChanged = () -> {};

  private volatile Standing standing;

  private Revocations(Optional<RevocationFile> file, Known known, Standing standing) {
    this.file = file;
    this.known = known;
    this.standing = standing;
  }

  /** Nothing revoked yet; forgotten when the process ends. */
  public static Revocations inMemory() {
    return new Revocations(Optional.empty(), Known.NOTHING, Standing.SOUND);
  }

  /**
   * A place for them in {@code directory}, where none were kept before.
   *
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE}
   */
  public static Revocations create(Path directory, StateKeys keys) throws WardgateException {
    RevocationFile file = new RevocationFile(directory, keys);
    file.begin();
    return new Revocations(Optional.of(file), Known.NOTHING, Standing.SOUND);
  }

  /**
   * What is kept in {@code directory}. Of a file that is not what was written nothing is believed,
   * one that is older than the last tells what it tells, and {@link #standing} says so: a gateway
   * that refused to start would be worse, and the lists can be pushed again.
   *
   * @throws WardgateException {@link Reason#STATE_NEWER} or {@link Reason#STATE_UNAVAILABLE}
   */
  public static Revocations in(Path directory, StateKeys keys) throws WardgateException {
    RevocationFile file = new RevocationFile(directory, keys);
    RevocationFile.Kept kept = file.read();
    return new Revocations(Optional.of(file), kept.known(), kept.standing());
  }

  /**
   * Whether all that was ever kept is here: {@link Standing#DAMAGED} or {@link
   * Standing#ROLLED_BACK} until somebody {@linkplain #acceptLoss accepts} that it is not.
   */
  public Standing standing() {
    return standing;
  }

  /**
   * Goes on with what is left, because an operator decided so.
   *
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE}; then nothing has changed
   */
  public synchronized void acceptLoss() throws WardgateException {
    if (file.isPresent() && standing != Standing.SOUND) {
      file.get().write(known, Standing.SOUND);
      standing = Standing.SOUND;
    }
  }

  /**
   * Takes a list, in DER.
   *
   * @param authorities one of them must have signed it
   * @throws WardgateException {@link Reason#CRL_UNUSABLE} if it does not parse, is not whole, none
   *     of these authorities may have and has signed it, or another list with its number was taken;
   *     {@link Reason#CRL_OLDER} if one with a higher number was; {@link Reason#STATE_FULL} after
   *     {@value #MAX_LISTS} authorities and scopes; {@link Reason#STATE_UNAVAILABLE} if it cannot
   *     be kept. Then nothing has changed
   */
  public synchronized void accept(byte[] der, Collection<X509Certificate> authorities)
      throws WardgateException {
    RevocationList list = RevocationList.of(der, authorities);
    for (RevocationList before : known.of(Signer.of(list.authority()))) {
      if (before.scope().equals(list.scope())) {
        requireLater(list, before);
      }
    }
    keep(known.with(list));
  }

  private static void requireLater(RevocationList list, RevocationList before)
      throws WardgateException {
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
    if (next.listCount() > MAX_LISTS || next.serials().size() + next.keys().size() > MAX_DENIED) {
      throw new WardgateException(Reason.STATE_FULL, "no room for another revocation");
    }
    if (file.isPresent()) {
      file.get().write(next, standing);
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
    if (current.serials().contains(link.serial())
        || current.serials().contains(link.spelled())
        || current.keys().contains(link.key())
        || current.keys().contains(link.authority().key())
        || isListed(link, link.authority(), current)
        || link.former().stream().anyMatch(signer -> isListed(link, signer, current))) {
      throw new WardgateException(Reason.CERTIFICATE_REVOKED, link.serial().toString());
    }
  }

  /** Whatever a list is about: an authority gives each number once. */
  private static boolean isListed(Link link, Signer signer, Known current) {
    for (RevocationList list : current.of(signer)) {
      if (list.revokes(link.number())) {
        return true;
      }
    }
    return false;
  }

  private static boolean requireList(
      Link link, boolean endEntity, Known current, RevocationPolicy policy, ClockReading now)
      throws WardgateException {
    List<RevocationList> about =
        current.of(link.authority()).stream()
            .filter(list -> list.scope().covers(link, endEntity))
            .toList();
    if (about.isEmpty()) {
      if (endEntity && policy.listRequired()) {
        throw unknown("its authority has given no list");
      }
      return false;
    }
    if (about.stream().anyMatch(list -> isCurrent(list, Duration.ZERO, now))) {
      return false;
    }
    if (about.stream().anyMatch(list -> isCurrent(list, policy.grace(), now))) {
      return true;
    }
    throw unknown(
        "of " + about.size() + " lists none is current, the first until " + about.get(0).until());
  }

  private static boolean isCurrent(RevocationList list, Duration grace, ClockReading now) {
    return !now.certainlyBefore(list.from()) && !now.certainlyAfter(list.until().plus(grace));
  }

  private static WardgateException unknown(String why) {
    return new WardgateException(Reason.REVOCATION_UNKNOWN, why);
  }
}

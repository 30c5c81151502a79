// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.AuditTrail;
import io.wardgate.exchange.SavedSessions;
import io.wardgate.identity.Revocations;
import io.wardgate.keys.DurableFile;
import io.wardgate.keys.FileCounter;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.time.TimeFloor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory in which a gateway keeps what it must not forget, opened under the keys in its
 * vault; made when the vault has none yet.
 *
 * <p>A state is made whole under keys that exist in memory only, and begins to exist in the moment
 * the vault has them: after a crash before that it is made again, after a crash beyond it nothing
 * is. A file {@code beginning} stands while that goes on. Without it nothing is ever thrown away: a
 * state whose keys the vault does not have belongs to a later vault than this. The registry of
 * version 0.1 is taken over in the same step. Thread-safe; one process at a time has it open.
 */
public final class StateFolder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class.getPackageName());

  /** Each is a directory or a file, and a counter beside it. */
  private static final List<String> PARTS = List.of("ledger", "audit", "revocations");

  private static final String COUNTER = ".head";
  private static final String CLOCK = "clock" + COUNTER;
  private static final String BEGINNING = "beginning";
  private static final String LOCK = "lock";

  private final Optional<FileChannel> lock;
  private final StateKeys keys;
  private final LedgerRegistry ledger;
  private final AuditTrail trail;
  private final Revocations revocations;
  private final SessionFiles sessions;
  private final Path directory;

  private StateFolder(
      Path directory,
      Optional<FileChannel> lock,
      StateKeys keys,
      LedgerRegistry ledger,
      AuditTrail trail,
      Revocations revocations) {
    this.directory = directory;
    this.sessions = SessionFiles.in(directory, keys, ledger, HostId.get());
    this.revocations = revocations;
    this.lock = lock;
    this.keys = keys;
    this.ledger = ledger;
    this.trail = trail;
  }

  /**
   * Opens the state in {@code directory}, or makes it if {@code vault} knows of none.
   *
   * @param directory is there, mode 0700
   * @throws WardgateException {@link Reason#HOME_IN_USE} if it is open already, here or in another
   *     process; {@link Reason#STATE_ROLLED_BACK} if a state is there and the vault knows of none,
   *     {@link Reason#STATE_DAMAGED} if the registry of version 0.1 or the vault's keys are not
   *     whole, {@link Reason#STATE_NEWER} or {@link Reason#STATE_UNAVAILABLE}; what is wrong with
   *     ledger and audit trail otherwise is told by {@link LedgerRegistry#report} and {@link
   *     AuditTrail#report}
   */
  public static StateFolder open(
      Path directory, Pkcs12Vault vault, InstantSource clock, SecureRandom random)
      throws WardgateException {
    try {
      Optional<FileChannel> lock = lock(directory);
      boolean done = false;
      try {
        Optional<StateKeys> keys = StateKeys.in(vault, random);
        StateFolder folder =
            keys.isPresent()
                ? opened(directory, lock, keys.get(), clock, random)
                : begun(directory, lock, vault, clock, random);
        done = true;
        return folder;
      } finally {
        if (!done) {
          release(lock);
        }
      }
    } catch (IOException e) {
      throw new WardgateException(
          Reason.STATE_UNAVAILABLE, "the state cannot be opened, or not be made", e);
    }
  }

  /**
   * Two processes would each issue what the other has issued. The operating system ends the lock
   * with the process. Empty on a disk nobody can write to.
   */
  @SuppressWarnings("resource") // the lock lives as long as the channel, which we keep
  private static Optional<FileChannel> lock(Path directory) throws IOException, WardgateException {
    if (Files.getFileStore(directory).isReadOnly()) {
      return Optional.empty();
    }
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    boolean ours = false;
    try {
      ours = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      LOG.debug("the state is open in this very process", e);
    } finally {
      if (!ours) {
        channel.close();
      }
    }
    if (!ours) {
      throw new WardgateException(Reason.HOME_IN_USE, "another owner has the state open");
    }
    return Optional.of(channel);
  }

  private static void release(Optional<FileChannel> lock) {
    if (lock.isPresent()) {
      try {
        lock.get().close();
      } catch (IOException e) {
        LOG.debug("the lock of the state did not close", e);
      }
    }
  }

  /** What seals the state. */
  public StateKeys keys() {
    return keys;
  }

  /** The devices. */
  public LedgerRegistry ledger() {
    return ledger;
  }

  /** What happened that matters to security. */
  public AuditTrail trail() {
    return trail;
  }

  /** The latest time that was believed here. */
  public TimeFloor timeFloor() {
    FileCounter counter = FileCounter.at(directory.resolve(CLOCK), keys);
    return new TimeFloor() {
      @Override
      public OptionalLong epochSecond() throws IOException {
        return counter.value();
      }

      @Override
      public void raise(long epochSecond) throws IOException {
        counter.raise(epochSecond);
      }
    };
  }

  /**
   * Forgets the latest time that was believed, because an operator found it to be wrong: the next
   * start learns it anew.
   *
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE}
   */
  public void forgetTime() throws WardgateException {
    try {
      Files.deleteIfExists(directory.resolve(CLOCK));
      DurableFile.forceDirectory(directory);
    } catch (IOException e) {
      throw new WardgateException(Reason.STATE_UNAVAILABLE, "the time cannot be forgotten", e);
    }
  }

  /** Which certificates and keys are revoked. */
  public Revocations revocations() {
    return revocations;
  }

  /** What lets devices go on after a restart. */
  public SavedSessions sessions() {
    return sessions;
  }

  /** Ends writing. */
  @Override
  public void close() {
    sessions.close();
    trail.close();
    ledger.close();
    release(lock);
  }

  private static StateFolder opened(
      Path directory,
      Optional<FileChannel> lock,
      StateKeys keys,
      InstantSource clock,
      SecureRandom random)
      throws IOException, WardgateException {
    Revocations revocations = Revocations.in(directory, keys);
    StateFolder folder =
        with(
            directory,
            lock,
            keys,
            revocations,
            LedgerRegistry.open(directory, keys, clock, random),
            () -> AuditTrail.open(directory, keys, clock, random));
    return folder.after(
        () -> {
          if (Files.exists(directory.resolve(BEGINNING)) && folder.isSound()) {
            forgetBeginning(directory);
          } else if (Files.exists(directory.resolve(LedgerRegistry.OLD_FILE))) {
            LOG.warn(
                "{} was not read: it was taken over before, or another version wrote it since",
                directory.resolve(LedgerRegistry.OLD_FILE));
          }
        });
  }

  private static StateFolder begun(
      Path directory,
      Optional<FileChannel> lock,
      Pkcs12Vault vault,
      InstantSource clock,
      SecureRandom random)
      throws IOException, WardgateException {
    if (Files.exists(directory.resolve(BEGINNING))) {
      discard(directory);
    } else {
      requireNothing(directory);
      DurableFile.replace(
          directory.resolve(BEGINNING), "a state is being made\n".getBytes(US_ASCII));
    }
    StateKeys keys = StateKeys.generate(clock, random);
    StateFolder folder = made(directory, lock, keys, clock, random);
    return folder.after(
        () -> {
          // From here on it is not known whether the vault has the keys: nothing is thrown away.
          keys.storeIn(vault);
          forgetBeginning(directory);
        });
  }

  private static StateFolder made(
      Path directory,
      Optional<FileChannel> lock,
      StateKeys keys,
      InstantSource clock,
      SecureRandom random)
      throws IOException, WardgateException {
    try {
      return with(
          directory,
          lock,
          keys,
          Revocations.create(directory, keys),
          LedgerRegistry.create(directory, keys, clock, random),
          () -> AuditTrail.create(directory, keys, clock, random));
    } catch (WardgateException e) {
      discard(directory);
      Files.deleteIfExists(directory.resolve(BEGINNING));
      throw e;
    }
  }

  /** A ledger that is open, and a trail that is about to be; if that fails, neither is. */
  private static StateFolder with(
      Path directory,
      Optional<FileChannel> lock,
      StateKeys keys,
      Revocations revocations,
      LedgerRegistry ledger,
      Opening opening)
      throws WardgateException {
    boolean done = false;
    try {
      StateFolder folder =
          new StateFolder(directory, lock, keys, ledger, opening.trail(), revocations);
      done = true;
      return folder;
    } finally {
      if (!done) {
        ledger.close();
      }
    }
  }

  @FunctionalInterface
  private interface Opening {
    AuditTrail trail() throws WardgateException;
  }

  /** Itself, once {@code last} is done; closed if that fails. */
  private StateFolder after(LastStep last) throws IOException {
    boolean done = false;
    try {
      last.run();
      done = true;
      return this;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  @FunctionalInterface
  private interface LastStep {
    void run() throws IOException;
  }

  private boolean isSound() {
    return ledger.report().standing().reason().isEmpty();
  }

  private static void requireNothing(Path directory) throws WardgateException {
    for (Path path : paths(directory)) {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new WardgateException(
            Reason.STATE_ROLLED_BACK,
            "there is a state, and the vault does not know of it: it is an older one");
      }
    }
  }

  /** The marker last: with it gone, the old file would be nobody's. */
  private static void forgetBeginning(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(LedgerRegistry.OLD_FILE));
    DurableFile.forceDirectory(directory);
    Files.deleteIfExists(directory.resolve(BEGINNING));
    DurableFile.forceDirectory(directory);
  }

  private static void discard(Path directory) throws IOException {
    for (Path path : paths(directory)) {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        try (Stream<Path> tree = Files.walk(path)) {
          for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(each);
          }
        }
      }
    }
    DurableFile.forceDirectory(directory);
  }

  private static List<Path> paths(Path directory) {
    return PARTS.stream()
        .flatMap(part -> Stream.of(directory.resolve(part), directory.resolve(part + COUNTER)))
        .toList();
  }
}

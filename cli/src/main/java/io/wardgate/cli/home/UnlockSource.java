// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.keys.DurableFile;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the unlock secret of a home is looked for: the file or descriptor that was named, else the
 * systemd credential {@value #CREDENTIAL}, else {@code HOME.unlock} beside the home.
 *
 * <p>The first that applies is the only one tried. It is never inside the home, not by {@code ..}
 * or a symbolic link either: who copies or steals a home must not have its key with it. A file with
 * a second name is refused, because that name may be in the home. What was deleted, or never had a
 * name, lies nowhere, and is taken from a descriptor.
 *
 * @param file a file that was named
 * @param descriptor an open file descriptor that was named
 * @param credentials the directory systemd hands credentials over in
 */
public record UnlockSource(
    Optional<Path> file, OptionalInt descriptor, Optional<Path> credentials) {

  /** The name of the systemd credential. */
  public static final String CREDENTIAL = "wardgate-unlock";

  /** Nothing named: the file beside the home. */
  public static final UnlockSource BESIDE_THE_HOME =
      new UnlockSource(Optional.empty(), OptionalInt.empty(), Optional.empty());

  /**
   * Reads the secret; the caller closes it.
   *
   * @throws WardgateException {@link Reason#UNLOCK_SECRET_IN_HOME}, {@link
   *     Reason#UNLOCK_SECRET_MISSING}, {@link Reason#UNLOCK_SECRET_EXPOSED} or {@link
   *     Reason#UNLOCK_SECRET_WEAK}
   * @throws IOException if it cannot be read, or what was named is no regular file
   */
  public UnlockSecret read(Path home) throws IOException, WardgateException {
    if (file.isEmpty() && descriptor.isPresent()) {
      return readDescriptor(home, descriptor.getAsInt());
    }
    Path place = place(home);
    requireOutside(home, place);
    if (!Files.exists(place)) {
      throw new WardgateException(Reason.UNLOCK_SECRET_MISSING, "there is no file " + place);
    }
    PrivateFiles.requireRegular(place);
    requirePrivate(place);
    return UnlockSecret.parse(PrivateFiles.readUpTo(place, UnlockSecret.MAX_FILE_BYTES), place);
  }

  /**
   * Reads the secret, or makes a new one with mode 0600 if a file is meant that is not there.
   *
   * @throws WardgateException as for {@link #read}, but for a missing one
   * @throws IOException if it cannot be read or written
   */
  public UnlockSecret readOrCreate(Path home, SecureRandom random)
      throws IOException, WardgateException {
    if (file.isEmpty() && descriptor.isPresent()) {
      return readDescriptor(home, descriptor.getAsInt());
    }
    Path place = place(home);
    requireOutside(home, place);
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      return read(home);
    }
    UnlockSecret secret = UnlockSecret.generate(random, place);
    PrivateFiles.create(place, secret.fileContent());
    boolean durable = false;
    try {
      DurableFile.forceDirectory(parentOf(place));
      durable = true;
      return secret;
    } finally {
      if (!durable) {
        Files.deleteIfExists(place);
      }
    }
  }

  private Path place(Path home) {
    return file.or(this::credential).orElseGet(() -> beside(home));
  }

  private Optional<Path> credential() {
    return credentials.map(directory -> directory.resolve(CREDENTIAL)).filter(Files::exists);
  }

  private static Path beside(Path home) {
    Path absolute = home.toAbsolutePath().normalize();
    return absolute.resolveSibling(absolute.getFileName() + ".unlock");
  }

  private static UnlockSecret readDescriptor(Path home, int number)
      throws IOException, WardgateException {
    Path place = Path.of("/dev/fd/" + number);
    if (Files.isRegularFile(place) && PrivateFiles.names(place) > 0) {
      requireOneName(place);
      if (target(place).startsWith(RealPath.of(home))) {
        throw inHome(place);
      }
    }
    // What is open already is not opened again: that may need rights we do not have.
    try (InputStream in =
        number == 0 ? new FileInputStream(FileDescriptor.in) : Files.newInputStream(place)) {
      return UnlockSecret.parse(PrivateFiles.readUpTo(in, UnlockSecret.MAX_FILE_BYTES), place);
    } catch (IOException e) {
      throw PrivateFiles.naming(place, e);
    }
  }

  /** What the kernel says is open; a path is not followed, for the same reason. */
  private static Path target(Path descriptor) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (NotLinkException e) {
      // Not Linux: descriptors have no names there.
      return descriptor;
    }
  }

  private static void requireOutside(Path home, Path place) throws IOException, WardgateException {
    if (RealPath.of(place).startsWith(RealPath.of(home))) {
      throw inHome(place);
    }
  }

  private static WardgateException inHome(Path place) {
    return new WardgateException(
        Reason.UNLOCK_SECRET_IN_HOME, place + " lies inside the home it opens");
  }

  private static void requireOneName(Path place) throws IOException, WardgateException {
    if (PrivateFiles.names(place) > 1) {
      throw new WardgateException(
          Reason.UNLOCK_SECRET_EXPOSED, place + " has another name, a hard link, somewhere");
    }
  }

  private void requirePrivate(Path place) throws IOException, WardgateException {
    // systemd gives its unit access by an ACL, whose mask shows as the group's bits.
    boolean systemd = file.isEmpty() && credential().isPresent();
    if (systemd) {
      return;
    }
    requireOneName(place);
    if (PrivateFiles.isOpenToOthers(place)) {
      throw new WardgateException(
          Reason.UNLOCK_SECRET_EXPOSED, place + " must have mode 0600 or stricter");
    }
  }

  private static Path parentOf(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    return parent == null ? path.toAbsolutePath() : parent;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.keys.DurableFile;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the unlock secret of a home is looked for: the file or descriptor that was named, else the
 * systemd credential {@value #CREDENTIAL}, else {@code HOME.unlock} beside the home.
 *
 * <p>The first that applies is the only one tried. It is never inside the home, not by {@code ..}
 * or a symbolic link either: who copies or steals a home must not have its key with it.
 *
 * @param file a file that was named
 * @param descriptor an open file descriptor that was named
 * @param credentials the directory systemd hands credentials over in
 */
public record UnlockSource(
    Optional<Path> file, OptionalInt descriptor, Optional<Path> credentials) {

  /** The name of the systemd credential. */
  public static final String CREDENTIAL = "wardgate-unlock";

  /** Far deeper than paths go; symbolic links may form a loop. */
  private static final int MAX_STEPS = 256;

  /** Nothing named: the file beside the home. */
  public static final UnlockSource BESIDE_THE_HOME =
      new UnlockSource(Optional.empty(), OptionalInt.empty(), Optional.empty());

  /**
   * Reads the secret; the caller closes it.
   *
   * @throws WardgateException {@link Reason#UNLOCK_SECRET_IN_HOME}, {@link
   *     Reason#UNLOCK_SECRET_MISSING}, {@link Reason#UNLOCK_SECRET_EXPOSED} or {@link
   *     Reason#UNLOCK_SECRET_WEAK}
   * @throws IOException if it cannot be read
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
    DurableFile.forceDirectory(parentOf(place));
    return secret;
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
    if (Files.isRegularFile(place)) {
      requireOutside(home, place);
    }
    return UnlockSecret.parse(PrivateFiles.readUpTo(place, UnlockSecret.MAX_FILE_BYTES), place);
  }

  private static void requireOutside(Path home, Path place) throws IOException, WardgateException {
    if (real(place).startsWith(real(home))) {
      throw new WardgateException(
          Reason.UNLOCK_SECRET_IN_HOME, place + " lies inside the home it opens");
    }
  }

  private void requirePrivate(Path place) throws IOException, WardgateException {
    // systemd gives its unit access by an ACL, whose mask shows as the group's bits.
    boolean systemd = file.isEmpty() && credential().isPresent();
    if (!systemd && PrivateFiles.isOpenToOthers(place)) {
      throw new WardgateException(
          Reason.UNLOCK_SECRET_EXPOSED, place + " must have mode 0600 or stricter");
    }
  }

  private static Path real(Path path) throws IOException {
    return real(path.toAbsolutePath(), MAX_STEPS);
  }

  /** Where a path leads, also if its last parts are not there yet. */
  private static Path real(Path path, int steps) throws IOException {
    if (steps == 0) {
      throw new FileSystemLoopException(path.toString());
    }
    if (Files.exists(path)) {
      return path.toRealPath();
    }
    if (Files.isSymbolicLink(path)) {
      return real(path.resolveSibling(Files.readSymbolicLink(path)), steps - 1);
    }
    Path parent = path.getParent();
    Path name = path.getFileName();
    return parent == null || name == null
        ? path
        : real(parent, steps - 1).resolve(name).normalize();
  }

  private static Path parentOf(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    return parent == null ? path.toAbsolutePath() : parent;
  }
}

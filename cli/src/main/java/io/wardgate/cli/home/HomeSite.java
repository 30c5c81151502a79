// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.WardgateException;
import io.wardgate.keys.DurableFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * Where a home is to be: built beside it and renamed into place, so that at any crash it is whole
 * or absent, and what may be left behind is a hidden directory that opens nothing.
 *
 * @param target the home's absolute path
 * @param parent the directory it is made in
 * @param aside where it is built
 */
record HomeSite(Path target, Path parent, Path aside) {

  /** Fills a directory that is there, empty and its owner's alone. */
  @FunctionalInterface
  interface Work {
    void build(GatewayHome home) throws IOException, WardgateException;
  }

  /**
   * A place for a home.
   *
   * @param place not there, or an empty directory
   * @throws IOException if something is there, it is inside another home, the path is too long, or
   *     the directory to make it in is not there
   */
  static HomeSite at(Path place, SecureRandom random) throws IOException {
    Path target = place.toAbsolutePath().normalize();
    new GatewayHome(target).requireSocketFits();
    requireVacant(target);
    Path parent = target.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new IOException("the directory to make the home in does not exist: " + parent);
    }
    requireOutsideOtherHomes(parent);
    byte[] tag = new byte[4];
    random.nextBytes(tag);
    String name = "." + target.getFileName() + ".new-" + HexFormat.of().formatHex(tag);
    return new HomeSite(target, parent, parent.resolve(name));
  }

  /** Builds it; if that fails, nothing is left. */
  void build(Work work) throws IOException, WardgateException {
    Files.createDirectory(aside, PrivateFiles.DIRECTORY);
    try {
      work.build(new GatewayHome(aside));
      DurableFile.forceDirectory(aside);
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      PrivateFiles.removeTree(aside);
    }
  }

  /** Makes the home that was built survive power loss; it is there also if this fails. */
  void settle() throws IOException {
    DurableFile.forceDirectory(parent);
  }

  private static void requireVacant(Path target) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (Files.isSymbolicLink(target) || !Files.isDirectory(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    try (Stream<Path> content = Files.list(target)) {
      if (content.findAny().isPresent()) {
        throw new IOException("the directory is not empty: " + target);
      }
    }
  }

  /** Its unlock secret would lie in that home, and be copied or stolen with it. */
  private static void requireOutsideOtherHomes(Path parent) throws IOException {
    for (Path at = parent.toRealPath(); at != null; at = at.getParent()) {
      if (new GatewayHome(at).isThere()) {
        throw new IOException("a gateway home is not made inside another: " + at);
      }
    }
  }
}

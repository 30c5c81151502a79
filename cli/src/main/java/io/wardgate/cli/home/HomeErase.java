// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.keys.DurableFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Takes a home away for good: keys, devices, audit trail, sessions, configuration, and the readings
 * beside it (EN 303 645 5.11).
 *
 * <p>In two phases, so that a cut at any moment leaves either a whole home or one whose erasing
 * goes on: first a marker says durably that it is erased and what belongs to it; from then on it is
 * no home to any other command. Then the vault goes, and with it what everything else is encrypted
 * under, then the rest, and a receipt is written before the marker goes. What a medium keeps of
 * deleted files is not overwritten: on flash it cannot be. The unlock secret is not needed.
 */
public final class HomeErase {

  /** In the home while it is being erased. */
  static final String MARKER = "erasing";

  private static final String HEAD = "wardgate-erase 1";
  private static final String BEGUN = "begun ";
  private static final String VAULT = "vault ";
  private static final String RECEIPT = "receipt ";
  private static final String OUTSIDE = "outside ";

  /** As logrotate names them: readings.1, readings.2.gz, readings-20261127; or the file itself. */
  private static final String ROTATED = "([.-][0-9].*)?";

  private static final int MAX_MARKER_BYTES = 1 << 20;

  private final Path home;
  private final InstantSource clock;
  private final Consumer<String> before;

  private HomeErase(Path home, InstantSource clock, Consumer<String> before) {
    this.home = home;
    this.clock = clock;
    this.before = before;
  }

  /**
   * Of the home at {@code directory}, whole or half erased.
   *
   * @throws IOException if there is neither
   */
  public static HomeErase at(Path directory, InstantSource clock) throws IOException {
    return at(directory, clock, step -> {});
  }

  /** The same; {@code before} is told each step that changes something, before it is done. */
  static HomeErase at(Path directory, InstantSource clock, Consumer<String> before)
      throws IOException {
    Path home = directory.toAbsolutePath().normalize();
    if (!new GatewayHome(home).isThere() && !isUnderWay(home)) {
      throw new IOException("not a gateway home: " + directory);
    }
    return new HomeErase(home, clock, before);
  }

  /** Whether the home there is being erased. */
  static boolean isUnderWay(Path home) {
    return Files.isRegularFile(home.resolve(MARKER), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * What is erased, as far as it is there.
   *
   * @throws IOException if it cannot be listed
   */
  public List<Path> all() throws IOException {
    List<Path> all = new ArrayList<>(isUnderWay(home) ? marker().outside() : outside());
    all.removeIf(path -> !Files.exists(path, LinkOption.NOFOLLOW_LINKS));
    try (Stream<Path> tree = Files.walk(home)) {
      tree.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).forEach(all::add);
    }
    return all;
  }

  /**
   * Erases it, or goes on with that.
   *
   * @param receipt a new file outside the home; if erasing was begun before, the one named then
   *     counts
   * @return where the receipt lies
   * @throws WardgateException {@link Reason#HOME_IN_USE} if a process has it
   * @throws IOException if something cannot be erased; called again, it goes on
   */
  @SuppressWarnings("try") // the lock works by being held
  public Path erase(Path receipt) throws IOException, WardgateException {
    try (HomeLock lock =
        HomeLock.tryAcquire(new GatewayHome(home).lock())
            .orElseThrow(
                () -> new WardgateException(Reason.HOME_IN_USE, "another process has it"))) {
      if (!isUnderWay(home)) {
        begin(receipt.toAbsolutePath().normalize());
      }
      Marker marker = marker();
      delete(new GatewayHome(home).vault());
      DurableFile.forceDirectory(home);
      for (Path path : marker.outside()) {
        delete(path);
        forceParent(path);
      }
      for (Path path : inside()) {
        delete(path);
      }
      DurableFile.forceDirectory(home);
      write(marker);
      delete(home.resolve(MARKER));
      delete(new GatewayHome(home).lock());
      before.accept("delete " + home);
      Files.deleteIfExists(home);
      forceParent(home);
      return marker.receipt();
    }
  }

  private void begin(Path receipt) throws IOException {
    if (receipt.startsWith(home)) {
      throw new IOException("the receipt would be erased with the home: " + receipt);
    }
    if (Files.exists(receipt, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(receipt.toString());
    }
    List<String> lines = new ArrayList<>(List.of(HEAD));
    lines.add(BEGUN + clock.instant());
    lines.add(VAULT + sha256(new GatewayHome(home).vault()));
    lines.add(RECEIPT + receipt.toUri());
    outside().forEach(path -> lines.add(OUTSIDE + path.toUri()));
    before.accept("mark");
    DurableFile.replace(home.resolve(MARKER), (String.join("\n", lines) + "\n").getBytes(UTF_8));
  }

  /** The unlock secret beside the home, and its readings, also those that were rotated away. */
  private List<Path> outside() throws IOException {
    List<Path> found = new ArrayList<>();
    found.add(home.resolveSibling(home.getFileName() + ".unlock"));
    Path readings = readings().toAbsolutePath().normalize();
    Path folder = readings.getParent();
    Pattern rotated = Pattern.compile(Pattern.quote(readings.getFileName() + "") + ROTATED);
    if (folder != null && Files.isDirectory(folder) && !readings.startsWith(home)) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .filter(path -> rotated.matcher(path.getFileName().toString()).matches())
            .filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
            .sorted()
            .forEach(found::add);
      }
    }
    return found;
  }

  private Path readings() throws IOException {
    GatewayHome place = new GatewayHome(home);
    try {
      return GatewayConfig.of(place).readings();
    } catch (InvalidConfigException e) {
      return place.readings();
    }
  }

  /** All but what keeps others out meanwhile, children first. */
  private List<Path> inside() throws IOException {
    try (Stream<Path> tree = Files.walk(home)) {
      return tree.filter(path -> !path.equals(home))
          .filter(path -> !path.equals(home.resolve(MARKER)))
          .filter(path -> !path.equals(new GatewayHome(home).lock()))
          .sorted((one, other) -> other.compareTo(one))
          .toList();
    }
  }

  private void delete(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      before.accept("delete " + path);
      Files.delete(path);
    }
  }

  private static void forceParent(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent != null && Files.isDirectory(parent)) {
      DurableFile.forceDirectory(parent);
    }
  }

  private void write(Marker marker) throws IOException {
    if (!Files.exists(marker.receipt(), LinkOption.NOFOLLOW_LINKS)) {
      before.accept("write the receipt");
      List<String> lines = new ArrayList<>(List.of("wardgate-erase-receipt 1"));
      lines.add("home " + home);
      lines.add(BEGUN + marker.begun());
      lines.add("ended " + clock.instant());
      lines.add("vault-sha256 " + marker.vault());
      marker.outside().forEach(path -> lines.add("also " + path));
      DurableFile.replace(marker.receipt(), (String.join("\n", lines) + "\n").getBytes(UTF_8));
    }
  }

  /**
   * What was written down when erasing began.
   *
   * @param begun when
   * @param vault SHA-256 of the vault's file
   * @param receipt where to
   * @param outside what belongs to the home and lies outside it
   */
  record Marker(Instant begun, String vault, Path receipt, List<Path> outside) {}

  private Marker marker() throws IOException {
    List<String> lines =
        new String(PrivateFiles.readUpTo(home.resolve(MARKER), MAX_MARKER_BYTES), UTF_8)
            .lines()
            .toList();
    try {
      if (lines.size() < 4 || !lines.get(0).equals(HEAD)) {
        throw new IllegalArgumentException("no marker of this version");
      }
      return new Marker(
          Instant.parse(after(BEGUN, lines.get(1))),
          after(VAULT, lines.get(2)),
          Path.of(URI.create(after(RECEIPT, lines.get(3)))),
          lines.subList(4, lines.size()).stream()
              .map(line -> Path.of(URI.create(after(OUTSIDE, line))))
              .toList());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException("the marker of erasing is not ours: " + home.resolve(MARKER), e);
    }
  }

  private static String after(String word, String line) {
    if (!line.startsWith(word)) {
      throw new IllegalArgumentException("a line of something else");
    }
    return line.substring(word.length());
  }

  private static String sha256(Path file) throws IOException {
    return HexFormat.of().formatHex(BackupManifest.Item.digest().digest(Files.readAllBytes(file)));
  }
}

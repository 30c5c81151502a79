// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import io.wardgate.keys.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The segment files of one journal's directory, by number. */
final class SegmentFiles {

  /** No segment of ours is larger than its limit and one group beyond it. */
  static final int MAX_BYTES = 64 << 20;

  private static final Pattern NAME = Pattern.compile("00\\d{18}\\.wgj");
  private static final int WRAPPED_KEY_AT = 92;

  private final Path directory;

  SegmentFiles(Path directory) {
    this.directory = directory;
  }

  /** The numbers of the segments that are there, ascending; none if there is no directory. */
  List<Long> numbers() throws IOException {
    List<Long> numbers = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return numbers;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (NAME.matcher(name).matches()) {
          numbers.add(Long.parseLong(name.substring(0, 20)));
        }
      }
    }
    Collections.sort(numbers);
    return numbers;
  }

  /** The first bytes of a segment, as many as a header has or fewer. */
  byte[] head(long number) throws IOException {
    return read(number, SegmentHeader.BYTES);
  }

  /** All of a segment, up to what one of ours can have. */
  byte[] content(long number) throws IOException {
    return read(number, MAX_BYTES);
  }

  /** Nothing from what is no file: a pipe would keep us for ever, a link lead elsewhere. */
  private byte[] read(long number, int most) throws IOException {
    if (!isFile(number)) {
      return new byte[0];
    }
    try (var in = Files.newInputStream(file(number), LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(most);
    }
  }

  private boolean isFile(long number) throws IOException {
    return Files.readAttributes(file(number), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isRegularFile();
  }

  long size(long number) throws IOException {
    return Files.size(file(number));
  }

  /** A new file for the owner's eyes only; its entry is not durable yet. */
  FileChannel create(long number) throws IOException {
    return FileChannel.open(
        file(number),
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** Makes the directory itself, if it is not there. */
  void createDirectory() throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null) {
        DurableFile.forceDirectory(parent);
      }
    }
  }

  void forceDirectory() throws IOException {
    DurableFile.forceDirectory(directory);
  }

  /**
   * Destroys a segment: its key first, so that what a flash translation layer keeps of the rest
   * stays noise; then the file.
   */
  void erase(long number) throws IOException {
    try {
      if (isFile(number)) {
        destroyKey(number);
      }
    } catch (NoSuchFileException e) {
      // Gone already: nothing is left to destroy.
      return;
    }
    Files.deleteIfExists(file(number));
  }

  private void destroyKey(long number) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file(number), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      long length = Math.min(channel.size(), SegmentHeader.BYTES) - WRAPPED_KEY_AT;
      if (length > 0) {
        channel.write(ByteBuffer.allocate((int) length), WRAPPED_KEY_AT);
        channel.force(false);
      }
    }
  }

  /** Takes away a file that nothing was ever acknowledged from. */
  void discard(long number) throws IOException {
    Files.deleteIfExists(file(number));
  }

  private Path file(long number) {
    return directory.resolve("%020d.wgj".formatted(number));
  }
}

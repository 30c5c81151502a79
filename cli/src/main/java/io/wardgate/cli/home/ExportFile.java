// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.keys.DurableFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A new text file, mode 0600; unless it is {@link #keep kept}, closing removes it. */
public final class ExportFile implements AutoCloseable {

  private final Path file;
  private final FileChannel channel;
  private final Writer writer;
  private boolean kept;

  private ExportFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
    this.writer = new BufferedWriter(Channels.newWriter(channel, UTF_8));
  }

  /**
   * Makes it.
   *
   * @throws IOException if it is there or cannot be made
   */
  public static ExportFile create(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    return new ExportFile(absolute, PrivateFiles.open(absolute));
  }

  /** Where its text goes. */
  public Writer writer() {
    return writer;
  }

  /** Makes what was written survive power loss and closing. */
  public void keep() throws IOException {
    writer.flush();
    channel.force(true);
    kept = true;
    Path parent = file.getParent();
    if (parent != null) {
      DurableFile.forceDirectory(parent);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (!kept) {
      Files.deleteIfExists(file);
    }
  }
}

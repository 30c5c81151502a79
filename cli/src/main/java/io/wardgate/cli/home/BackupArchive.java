// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.keys.StateKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A backup's one file: a zip of {@code manifest}, {@code manifest.sig} and the files the manifest
 * lists, in its order and none besides.
 *
 * <p>What is taken out of it was named, sized and hashed by the manifest, and the manifest was
 * signed by the home that was backed up. Nothing in it opens without that home's unlock secret,
 * which is not in it. Used by one thread.
 */
final class BackupArchive implements AutoCloseable {

  private static final String MANIFEST = "manifest";
  private static final String SIGNATURE = "manifest.sig";

  /** DER of an ECDSA signature on P-256 has at most 72. */
  private static final int MAX_SIGNATURE_BYTES = 128;

  /** The files, what lists them, and what zip says of each twice. */
  private static final long MAX_FILE_BYTES =
      BackupManifest.MAX_TOTAL_BYTES + BackupManifest.MAX_BYTES + BackupManifest.MAX_FILES * 512L;

  /** What zip says of each file at the end; it is held in memory before anything can be checked. */
  private static final long MAX_DIRECTORY_BYTES = BackupManifest.MAX_FILES * 256L;

  private static final int END_BYTES = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int DIRECTORY_BYTES_AT = 12;

  /** A zip must say when its entries were changed. The manifest has the time. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final ZipFile zip;
  private final byte[] statement;
  private final BackupManifest manifest;

  private BackupArchive(ZipFile zip, byte[] statement, BackupManifest manifest) {
    this.zip = zip;
    this.statement = statement;
    this.manifest = manifest;
  }

  /**
   * Writes a new archive, durable but for its directory entry.
   *
   * @param signature of the manifest's bytes
   * @param folder what the manifest's files lie in
   */
  static void write(Path file, BackupManifest manifest, byte[] signature, Path folder)
      throws IOException {
    try (FileChannel channel = PrivateFiles.open(file)) {
      ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(channel));
      put(zip, MANIFEST, manifest.toBytes());
      put(zip, SIGNATURE, signature);
      for (BackupManifest.Item item : manifest.files()) {
        begin(zip, item.name());
        Files.copy(folder.resolve(item.name()), zip);
        zip.closeEntry();
      }
      zip.finish();
      channel.force(true);
    } catch (IOException e) {
      throw PrivateFiles.naming(file, e);
    }
  }

  /**
   * Opens an archive and reads its manifest, which nobody has vouched for yet.
   *
   * @throws WardgateException {@link Reason#BACKUP_DAMAGED} or {@link Reason#STATE_NEWER}
   * @throws IOException if the file cannot be read
   */
  static BackupArchive open(Path file) throws IOException, WardgateException {
    PrivateFiles.requireRegular(file);
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw damaged("it is larger than a backup can be");
    }
    requireSmallDirectory(file);
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile());
    } catch (IOException | IllegalArgumentException e) {
      throw new WardgateException(Reason.BACKUP_DAMAGED, "it is no archive, or not all of one", e);
    }
    boolean opened = false;
    try {
      byte[] statement = content(zip, MANIFEST, BackupManifest.MAX_BYTES);
      BackupManifest manifest = BackupManifest.parse(statement);
      requireNoOther(zip, manifest);
      opened = true;
      return new BackupArchive(zip, statement, manifest);
    } finally {
      if (!opened) {
        zip.close();
      }
    }
  }

  BackupManifest manifest() {
    return manifest;
  }

  /**
   * Checks who made it.
   *
   * @throws WardgateException {@link Reason#BACKUP_DAMAGED} if it was not who has these keys
   */
  void requireSignedBy(StateKeys keys) throws WardgateException {
    if (!keys.verify(statement, content(zip, SIGNATURE, MAX_SIGNATURE_BYTES))) {
      throw damaged("its list of files was not signed by the home that was backed up");
    }
  }

  /**
   * Takes a file out to {@code target}, a new one, durable but for its directory entry.
   *
   * @throws WardgateException {@link Reason#BACKUP_DAMAGED} if it is not what the manifest says;
   *     then it may lie there all the same
   * @throws IOException if it cannot be written
   */
  void extract(BackupManifest.Item item, Path target) throws IOException, WardgateException {
    MessageDigest digest = BackupManifest.Item.digest();
    long left = item.bytes();
    try (InputStream in = stream(item.name());
        FileChannel channel = PrivateFiles.open(target)) {
      OutputStream out = Channels.newOutputStream(channel);
      byte[] buffer = new byte[64 * 1024];
      for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
        left -= n;
        if (left < 0) {
          break;
        }
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
      channel.force(true);
    }
    if (left != 0 || !HexFormat.of().formatHex(digest.digest()).equals(item.sha256())) {
      throw damaged(item.name() + " in it is not what was backed up");
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  private InputStream stream(String name) throws WardgateException {
    try {
      InputStream in = zip.getInputStream(zip.getEntry(name));
      if (in != null) {
        return in;
      }
    } catch (IOException | RuntimeException e) {
      throw new WardgateException(Reason.BACKUP_DAMAGED, name + " in it cannot be read", e);
    }
    throw damaged(name + " is not in it");
  }

  /** Failing to read what the system can read is damage; failing to write is not. */
  private static int read(InputStream in, byte[] buffer) throws WardgateException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new WardgateException(Reason.BACKUP_DAMAGED, "a file in it cannot be read", e);
    }
  }

  private static byte[] content(ZipFile zip, String name, int most) throws WardgateException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw damaged("it has no " + name);
    }
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] content = PrivateFiles.readUpTo(in, most);
      if (content.length <= most) {
        return content;
      }
    } catch (IOException | RuntimeException e) {
      throw new WardgateException(Reason.BACKUP_DAMAGED, name + " in it cannot be read", e);
    }
    throw damaged(name + " in it is too large");
  }

  /** Ours ends in a plain end record, without a comment and without 64-bit numbers. */
  private static void requireSmallDirectory(Path file) throws IOException, WardgateException {
    byte[] end = new byte[END_BYTES];
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      if (in.length() >= END_BYTES) {
        in.seek(in.length() - END_BYTES);
        in.readFully(end);
      }
    }
    ByteBuffer fields = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
    if (fields.getInt(0) != END_SIGNATURE
        || Integer.toUnsignedLong(fields.getInt(DIRECTORY_BYTES_AT)) > MAX_DIRECTORY_BYTES) {
      throw damaged("it is no archive of ours, or not all of one");
    }
  }

  private static void requireNoOther(ZipFile zip, BackupManifest manifest)
      throws WardgateException {
    List<String> expected = new ArrayList<>(List.of(MANIFEST, SIGNATURE));
    manifest.files().forEach(item -> expected.add(item.name()));
    List<String> found = zip.stream().map(ZipEntry::getName).toList();
    if (!found.equals(expected)) {
      throw damaged("what it holds is not what it lists");
    }
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    begin(zip, name);
    zip.write(content);
    zip.closeEntry();
  }

  private static void begin(ZipOutputStream zip, String name) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(NO_TIME);
    zip.putNextEntry(entry);
  }

  private static WardgateException damaged(String how) {
    return new WardgateException(Reason.BACKUP_DAMAGED, how);
  }
}

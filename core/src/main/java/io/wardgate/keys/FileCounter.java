// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.WardgateBug;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A {@link MonotonicCounter} in a small file, for gateways without hardware for it.
 *
 * <p>What it gives: nobody without the vault can write a value into it, a torn write leaves the
 * value before, and a file that was copied or restored knows that it lies elsewhere (it remembers
 * its inode). One that a later version wrote is refused with {@link NewerFormatException} and left
 * as it is. What it cannot give: who puts back an image of the whole disk, this file included, puts
 * the number back too. Format in {@code docs/adr/0006}. Thread-safe; one process raises.
 */
public final class FileCounter implements MonotonicCounter {

  private static final byte[] MAGIC = {(byte) 0x89, 'W', 'G', 'C', 'T', '\r', '\n', 0x1a};
  private static final short VERSION = 1;
  private static final int MAC_KEY_BYTES = 32;
  private static final int MAC_BYTES = 32;
  private static final int CONTEXT_BYTES = 20;
  private static final int WRAPPED_BYTES = MAC_KEY_BYTES + StateKeys.WRAP_OVERHEAD_BYTES;
  private static final int ORIGIN_AT = CONTEXT_BYTES + WRAPPED_BYTES;

  /** Slots lie in sectors of their own: a torn write harms one. */
  private static final int SECTOR = 512;

  private static final int FILE_BYTES = 3 * SECTOR;
  private static final int SLOT_BYTES = Long.BYTES + MAC_BYTES;
  private static final Pattern INODE = Pattern.compile("ino=(\\d+)");
  private static final byte[] UNKNOWN_ORIGIN = new byte[MAC_BYTES];

  private final Path file;
  private final StateKeys keys;

  /** Whether both slots are known to be on disk: made by us, and no fsync has failed since. */
  private boolean proven;

  private FileCounter(Path file, StateKeys keys) {
    this.file = file;
    this.keys = keys;
  }

  /** The counter at {@code file}, which need not be there yet. Nothing is opened here. */
  public static FileCounter at(Path file, StateKeys keys) {
    return new FileCounter(file, keys);
  }

  @Override
  public synchronized OptionalLong value() throws IOException {
    return load().map(loaded -> OptionalLong.of(loaded.value())).orElseGet(OptionalLong::empty);
  }

  @Override
  public synchronized boolean isCopy() throws IOException {
    Optional<Loaded> loaded = load();
    return loaded.isPresent()
        && !MessageDigest.isEqual(loaded.get().origin(), origin(loaded.get().macKey(), file));
  }

  @Override
  public synchronized void raise(long value) throws IOException {
    Optional<Loaded> loaded = load();
    if (loaded.isEmpty() || !proven) {
      // After a failed fsync a slot may read well and be nowhere: then the other is the only one.
      long highest = loaded.map(Loaded::value).orElse(value);
      build(Math.max(value, highest), loaded.isPresent() && !isCopy());
      return;
    }
    if (loaded.get().value() >= value) {
      return;
    }
    proven = false;
    // Into the slot that does not hold the value: torn, it leaves that one.
    int slot = loaded.get().slot() == 1 ? 2 : 1;
    ByteBuffer bytes = ByteBuffer.wrap(slot(loaded.get().macKey(), value));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long at = (long) slot * SECTOR;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
      channel.force(false);
    }
    proven = true;
  }

  @Override
  public synchronized void adopt(long value) throws IOException {
    // Loaded for its refusal: one that a later version wrote is not ours to replace.
    load();
    build(value, true);
  }

  /**
   * What a file holds.
   *
   * @param macKey what its values are authenticated with
   * @param origin where it was made
   * @param value the higher of its valid slots
   * @param slot which one that is
   */
  @SuppressWarnings("ArrayRecordComponent") // private, never compared
  private record Loaded(byte[] macKey, byte[] origin, long value, int slot) {}

  private Optional<Loaded> load() throws IOException {
    byte[] bytes;
    try {
      bytes = head();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (bytes.length < CONTEXT_BYTES) {
      return Optional.empty();
    }
    byte[] context = context();
    boolean ours = Arrays.equals(bytes, 0, CONTEXT_BYTES, context, 0, CONTEXT_BYTES);
    Optional<byte[]> macKey = bytes.length == FILE_BYTES ? macKeyIn(bytes) : Optional.empty();
    // A flipped bit in the version of a file of ours is damage, not the future.
    if (!ours && macKey.isEmpty() && isNewer(bytes)) {
      throw new NewerFormatException(toString());
    }
    return ours ? macKey.flatMap(key -> load(bytes, key)) : Optional.empty();
  }

  /** The key a file of ours has, whatever its first bytes say. */
  private Optional<byte[]> macKeyIn(byte[] bytes) {
    return keys.unwrap(Arrays.copyOfRange(bytes, CONTEXT_BYTES, ORIGIN_AT), context());
  }

  private static boolean isNewer(byte[] bytes) {
    return Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        && ByteBuffer.wrap(bytes).getShort(MAGIC.length) > VERSION;
  }

  /**
   * As much as one of ours has, and a byte more if it is longer; nothing from what is no file, for
   * a pipe would keep us for ever.
   */
  private byte[] head() throws IOException {
    if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
      return new byte[0];
    }
    try (var in = Files.newInputStream(file)) {
      return in.readNBytes(FILE_BYTES + 1);
    }
  }

  private static Optional<Loaded> load(byte[] bytes, byte[] macKey) {
    byte[] origin = Arrays.copyOfRange(bytes, ORIGIN_AT, ORIGIN_AT + MAC_BYTES);
    Optional<Loaded> best = Optional.empty();
    for (int slot = 1; slot <= 2; slot++) {
      ByteBuffer at = ByteBuffer.wrap(bytes, slot * SECTOR, SLOT_BYTES);
      byte[] found = new byte[SLOT_BYTES];
      at.get(found);
      long value = ByteBuffer.wrap(found).getLong();
      if (MessageDigest.isEqual(found, slot(macKey, value))
          && (best.isEmpty() || value > best.get().value())) {
        best = Optional.of(new Loaded(macKey, origin, value, slot));
      }
    }
    return best;
  }

  /** A new file, whole or not at all, with a key of its own. */
  private void build(long value, boolean original) throws IOException {
    proven = false;
    byte[] macKey = keys.randomKey(MAC_KEY_BYTES);
    ByteBuffer bytes = ByteBuffer.allocate(FILE_BYTES);
    bytes.put(context()).put(keys.wrap(macKey, context()));
    bytes.position(SECTOR).put(slot(macKey, value));
    DurableFile.replace(
        file,
        beside -> {
          // Renaming keeps the inode: what lies beside now is what will lie there.
          bytes.position(ORIGIN_AT).put(original ? origin(macKey, beside) : UNKNOWN_ORIGIN);
          return bytes.array();
        });
    proven = true;
  }

  private byte[] context() {
    return ByteBuffer.allocate(CONTEXT_BYTES)
        .put(MAGIC)
        .putShort(VERSION)
        .putShort((short) 0)
        .put(keys.keyId())
        .array();
  }

  private static byte[] slot(byte[] macKey, long value) {
    ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES).putLong(value);
    return slot.put(mac(macKey, Arrays.copyOf(slot.array(), Long.BYTES))).array();
  }

  /**
   * The inode, where there is one, and the name it goes by: the counter of one journal must not be
   * moved to where another's was. Device numbers change between starts.
   */
  private byte[] origin(byte[] macKey, Path written) throws IOException {
    Object key = Files.readAttributes(written, BasicFileAttributes.class).fileKey();
    String text = String.valueOf(key);
    Matcher inode = INODE.matcher(text);
    String place = (inode.find() ? inode.group(1) : text) + " " + file.getFileName();
    return mac(macKey, ("origin " + place).getBytes(UTF_8));
  }

  private static byte[] mac(byte[] key, byte[] bytes) {
    try {
      Mac hmac = Mac.getInstance("HmacSHA256", "SunJCE");
      hmac.init(new SecretKeySpec(key, "HmacSHA256"));
      return hmac.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("every Java platform has HmacSHA256", e);
    }
  }

  /** Names the file. */
  @Override
  public String toString() {
    return "FileCounter[" + file.getFileName() + "]";
  }
}

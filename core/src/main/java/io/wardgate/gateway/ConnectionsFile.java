// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.keys.DurableFile;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.LedgerRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of an orderly stop, given back once, on this host, or not at all: keys and
 * counters used twice would encrypt two messages under one number.
 *
 * <p>The file carries an id that the ledger knows as the last that was saved, and is bound to this
 * host. Before its content is given back it is removed and the ledger says that it was taken, both
 * forced to disk. Who puts a file back has to put the ledger back with it. Thread-safe.
 */
final class ConnectionsFile {

  static final String NAME = "connections";

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionsFile.class.getPackageName());
  private static final byte[] MAGIC = "WGCONNS1".getBytes(US_ASCII);
  private static final int ID_BYTES = 16;
  private static final int HEAD_BYTES = MAGIC.length + ID_BYTES;

  /** A hundred thousand connections of 2 KiB; a ward's are 300 KiB. */
  private static final int MAX_BYTES = 200 << 20;

  private final Path directory;
  private final Path file;
  private final StateKeys keys;
  private final LedgerRegistry ledger;
  private final byte[] host;
  private Optional<Reason> refusal = Optional.empty();

  ConnectionsFile(Path directory, StateKeys keys, LedgerRegistry ledger, byte[] host) {
    this.directory = directory;
    this.file = directory.resolve(NAME);
    this.keys = keys;
    this.ledger = ledger;
    this.host = host.clone();
  }

  synchronized void save(byte[] all) {
    try {
      String id = ledger.connectionsSaved();
      byte[] wrapped = keys.wrap(all, context(id));
      DurableFile.replace(
          file,
          ByteBuffer.allocate(HEAD_BYTES + wrapped.length)
              .put(MAGIC)
              .put(HexFormat.of().parseHex(id))
              .put(wrapped)
              .array());
    } catch (IOException | WardgateException e) {
      LOG.warn("connections could not be saved; their devices will shake hands in short", e);
    }
  }

  synchronized Optional<byte[]> take() {
    boolean isThere = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    try {
      byte[] content = isThere ? removed() : new byte[0];
      // Also if there is no file: one that was moved away is refused when it comes back.
      Optional<String> saved = ledger.connectionsTaken();
      return isThere ? opened(content, saved) : Optional.empty();
    } catch (WardgateException e) {
      LOG.debug("the ledger does not say what was given back", e);
      return isThere ? refused(e.reason()) : Optional.empty();
    } catch (IOException e) {
      LOG.debug("saved connections cannot be read, or not be removed", e);
      return refused(Reason.STATE_UNAVAILABLE);
    }
  }

  /** Nothing of what is no file, or longer than one of ours: it would keep us for ever. */
  private byte[] removed() throws IOException {
    boolean isOurs =
        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= MAX_BYTES;
    byte[] content = isOurs ? Files.readAllBytes(file) : new byte[0];
    Files.delete(file);
    DurableFile.forceDirectory(directory);
    return content;
  }

  private Optional<byte[]> opened(byte[] content, Optional<String> saved) {
    if (content.length <= HEAD_BYTES
        || !Arrays.equals(content, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return refused(Reason.STATE_DAMAGED);
    }
    String id = HexFormat.of().formatHex(content, MAGIC.length, HEAD_BYTES);
    if (saved.filter(id::equals).isEmpty()) {
      return refused(Reason.STATE_ROLLED_BACK);
    }
    Optional<byte[]> plain =
        keys.unwrap(Arrays.copyOfRange(content, HEAD_BYTES, content.length), context(id));
    // The same answer for a flipped bit and for another host: both are not what was sealed here.
    return plain.isPresent() ? plain : refused(Reason.STATE_DAMAGED);
  }

  private Optional<byte[]> refused(Reason reason) {
    LOG.warn(
        "saved connections are refused, their devices shake hands in short: {}", reason.code());
    refusal = Optional.of(reason);
    return Optional.empty();
  }

  /** Why the saved connections were not given back, if there were any and they were not. */
  synchronized Optional<Reason> refusal() {
    return refusal;
  }

  private byte[] context(String id) {
    return ("wardgate connections 1 " + id + " " + HexFormat.of().formatHex(host))
        .getBytes(US_ASCII);
  }
}

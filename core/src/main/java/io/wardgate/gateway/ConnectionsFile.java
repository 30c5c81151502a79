// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.Reason;
import io.wardgate.keys.DurableFile;
import io.wardgate.keys.FileCounter;
import io.wardgate.keys.StateKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of an orderly stop, given back once, on this host, or not at all: keys and
 * counters used twice would encrypt two messages under one number.
 *
 * <p>The file carries a number that a counter must still stand at, and is bound to this host.
 * Before its content is given back it is removed and the counter raised, both forced to disk.
 * Thread-safe.
 */
final class ConnectionsFile {

  static final String NAME = "connections";
  static final String COUNTER = NAME + ".head";

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionsFile.class.getPackageName());
  private static final byte[] MAGIC = "WGCONNS1".getBytes(US_ASCII);
  private static final int HEAD_BYTES = MAGIC.length + Long.BYTES;

  /** Positive, and far from the end. */
  private static final int RANDOM_SHIFT = 2;

  private final Path directory;
  private final Path file;
  private final StateKeys keys;
  private final FileCounter counter;
  private final byte[] host;
  private Optional<Reason> refusal = Optional.empty();

  ConnectionsFile(Path directory, StateKeys keys, byte[] host) {
    this.directory = directory;
    this.file = directory.resolve(NAME);
    this.keys = keys;
    this.counter = FileCounter.at(directory.resolve(COUNTER), keys);
    this.host = host.clone();
  }

  synchronized void save(byte[] all) {
    try {
      long number = next();
      moveOn(number);
      byte[] wrapped = keys.wrap(all, context(number));
      DurableFile.replace(
          file,
          ByteBuffer.allocate(HEAD_BYTES + wrapped.length)
              .put(MAGIC)
              .putLong(number)
              .put(wrapped)
              .array());
    } catch (IOException e) {
      LOG.warn("connections could not be saved; their devices will shake hands in short", e);
    }
  }

  synchronized Optional<byte[]> take() {
    try {
      byte[] content = Files.readAllBytes(file);
      Files.delete(file);
      DurableFile.forceDirectory(directory);
      Optional<byte[]> opened = opened(content);
      // Raised past the number in the file: a copy of it that turns up later is refused.
      moveOn(counter.value().orElse(0) + 1);
      return opened;
    } catch (NoSuchFileException e) {
      outdate();
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("saved connections cannot be used; their devices shake hands in short", e);
      refusal = Optional.of(Reason.STATE_UNAVAILABLE);
      return Optional.empty();
    }
  }

  /**
   * One more than the last, or a random one if there was none: where a counter was taken away, the
   * next must not come by the numbers of files that were kept meanwhile.
   */
  private long next() throws IOException {
    OptionalLong last = counter.value();
    return last.isPresent()
        ? last.getAsLong() + 1
        : ByteBuffer.wrap(keys.randomKey(Long.BYTES)).getLong() >>> RANDOM_SHIFT;
  }

  /** A file that was moved away, and put back after a run it took no part in, is refused then. */
  private void outdate() {
    try {
      if (counter.value().isPresent()) {
        moveOn(counter.value().orElseThrow() + 1);
      }
    } catch (IOException e) {
      LOG.warn("the number of saved connections cannot be raised", e);
    }
  }

  private void moveOn(long number) throws IOException {
    if (counter.value().isEmpty() || counter.isCopy()) {
      counter.adopt(number);
    } else {
      counter.raise(number);
    }
  }

  private Optional<byte[]> opened(byte[] content) throws IOException {
    if (content.length <= HEAD_BYTES
        || !Arrays.equals(content, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return refused(Reason.STATE_DAMAGED);
    }
    if (counter.isCopy()) {
      return refused(Reason.STATE_COPIED);
    }
    long number = ByteBuffer.wrap(content).getLong(MAGIC.length);
    if (counter.value().orElse(-1) != number) {
      return refused(Reason.STATE_ROLLED_BACK);
    }
    Optional<byte[]> plain =
        keys.unwrap(Arrays.copyOfRange(content, HEAD_BYTES, content.length), context(number));
    // The same answer for a flipped bit and for another host: both are not what was sealed here.
    return plain.isPresent() ? plain : refused(Reason.STATE_DAMAGED);
  }

  private Optional<byte[]> refused(Reason reason) {
    LOG.warn(
        "saved connections are refused, their devices shake hands in short: {}", reason.code());
    refusal = Optional.of(reason);
    return Optional.empty();
  }

  /** Why connections were not given back, if there were any and they were not. */
  synchronized Optional<Reason> refusal() {
    return refusal;
  }

  private byte[] context(long number) {
    byte[] what = ("wardgate connections 1 " + number + " on ").getBytes(US_ASCII);
    byte[] context = Arrays.copyOf(what, what.length + host.length);
    System.arraycopy(host, 0, context, what.length, host.length);
    return context;
  }
}

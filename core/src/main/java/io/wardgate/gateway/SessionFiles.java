// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.exchange.SavedSessions;
import io.wardgate.keys.DurableFile;
import io.wardgate.keys.FileCounter;
import io.wardgate.keys.StateKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saved sessions in a gateway's state: one small sealed file for each device, and one for all
 * connections of an orderly stop. Formats and reasons in {@code docs/adr/0010}.
 *
 * <p>A session's file is not forced to disk: after power loss it may be missing, which costs its
 * device a whole handshake and nothing else. Files are written on a thread of their own, so that a
 * slow disk holds up no handshake; what waits for it is one session for each device.
 *
 * <p>The connections' file carries a number that a counter must still stand at, and is bound to
 * this host. Before they are given back, the file is removed, the counter raised, and both are
 * forced to disk. Thread-safe.
 */
final class SessionFiles implements SavedSessions, AutoCloseable {

  static final String FOLDER = "sessions";
  static final String CONNECTIONS = "connections";
  static final String COUNTER = CONNECTIONS + ".head";

  private static final Logger LOG = LoggerFactory.getLogger(SessionFiles.class.getPackageName());
  private static final byte[] SESSION_MAGIC = "WGSESSN1".getBytes(US_ASCII);
  private static final byte[] CONNECTIONS_MAGIC = "WGCONNS1".getBytes(US_ASCII);
  private static final int MAX_SESSION_BYTES = 16 * 1024;
  private static final int MAX_SESSIONS = 100_000;
  private static final long CLOSE_SECONDS = 5;
  private static final int NAME_BYTES = 16;
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{" + 2 * NAME_BYTES + "}");

  /** A session to be written, or to be removed if there is none. */
  private static final class Waiting {
    private final @Nullable String id;
    private final byte[] sealed;

    Waiting(@Nullable String id, byte[] sealed) {
      this.id = id;
      this.sealed = sealed;
    }
  }

  private final Path directory;
  private final Path folder;
  private final Path connections;
  private final StateKeys keys;
  private final FileCounter counter;
  private final byte[] host;
  private final ExecutorService writer;

  /** By file name: the id of the session in it. */
  private final Map<String, String> ids = new HashMap<>();

  private final Map<String, String> names = new HashMap<>();
  private final Map<String, Waiting> waiting = new HashMap<>();
  private Optional<Reason> refusal = Optional.empty();

  private SessionFiles(Path directory, StateKeys keys, byte[] host) {
    this.directory = directory;
    this.folder = directory.resolve(FOLDER);
    this.connections = directory.resolve(CONNECTIONS);
    this.keys = keys;
    this.counter = FileCounter.at(directory.resolve(COUNTER), keys);
    this.host = host;
    this.writer =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, "wardgate-sessions");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Opens what is there. Never fails: who cannot be read shakes hands anew.
   *
   * @param host what this machine is called, which another one is not
   */
  static SessionFiles in(Path directory, StateKeys keys, byte[] host) {
    SessionFiles files = new SessionFiles(directory, keys, host.clone());
    files.readIndex();
    return files;
  }

  private synchronized void readIndex() {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
      for (Path file : found) {
        String name = file.getFileName().toString();
        // What a crash left beside a file is none of ours.
        boolean ours = NAME.matcher(name).matches() && ids.size() < MAX_SESSIONS;
        Optional<String> id = ours ? idIn(file) : Optional.empty();
        if (id.isPresent() && !names.containsKey(id.get())) {
          ids.put(name, id.get());
          names.put(id.get(), name);
        } else {
          Files.deleteIfExists(file);
        }
      }
    } catch (NoSuchFileException e) {
      LOG.debug("no sessions were kept");
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("kept sessions cannot be read; their devices shake hands anew", e);
    }
  }

  private static Optional<String> idIn(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_SESSION_BYTES) {
      return Optional.empty();
    }
    byte[] content = Files.readAllBytes(file);
    int head = SESSION_MAGIC.length + ID_BYTES;
    return content.length > head && startsWith(content, SESSION_MAGIC)
        ? Optional.of(HexFormat.of().formatHex(content, SESSION_MAGIC.length, head))
        : Optional.empty();
  }

  @Override
  public void keep(DeviceId device, byte[] id, byte[] session) {
    if (id.length != ID_BYTES || session.length > MAX_SESSION_BYTES / 2) {
      return;
    }
    String name = nameOf(device);
    String key = HexFormat.of().formatHex(id);
    put(name, key, sealed(name, key, session));
  }

  private synchronized void put(String name, String id, byte[] sealed) {
    if (ids.size() >= MAX_SESSIONS && !ids.containsKey(name)) {
      return;
    }
    String before = ids.put(name, id);
    if (before != null) {
      names.remove(before);
    }
    names.put(id, name);
    later(name, new Waiting(id, sealed));
  }

  @Override
  public synchronized void forget(byte[] id) {
    String name = names.remove(HexFormat.of().formatHex(id));
    if (name != null) {
      ids.remove(name);
      later(name, new Waiting(null, new byte[0]));
    }
  }

  private void later(String name, Waiting work) {
    Waiting before = waiting.put(name, work);
    if (before == null) {
      try {
        writer.execute(() -> write(name));
      } catch (RejectedExecutionException e) {
        waiting.remove(name);
        LOG.debug("closed; a session is not kept any more");
      }
    }
  }

  /** Writes what waits for that file until nothing does: more may come while the disk works. */
  private void write(String name) {
    for (Waiting work = waitingFor(name); work != null; work = doneWith(name, work)) {
      try {
        if (work.id == null) {
          Files.deleteIfExists(folder.resolve(name));
        } else {
          makeFolder();
          DurableFile.replaceUnforced(folder.resolve(name), work.sealed);
        }
      } catch (IOException e) {
        LOG.debug("a session could not be kept; its device will shake hands anew", e);
      }
    }
  }

  private synchronized @Nullable Waiting waitingFor(String name) {
    return waiting.get(name);
  }

  /** What has taken its place meanwhile, or null. */
  private synchronized @Nullable Waiting doneWith(String name, Waiting work) {
    waiting.remove(name, work);
    return waiting.get(name);
  }

  private void makeFolder() throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  @Override
  public Optional<byte[]> find(byte[] id) {
    String wanted = HexFormat.of().formatHex(id);
    String name;
    Waiting work;
    synchronized (this) {
      name = names.get(wanted);
      work = name == null ? null : waiting.get(name);
    }
    if (name == null) {
      return Optional.empty();
    }
    try {
      byte[] content = work == null ? Files.readAllBytes(folder.resolve(name)) : work.sealed;
      int head = SESSION_MAGIC.length + ID_BYTES;
      return content.length > head && startsWith(content, SESSION_MAGIC)
          ? keys.unwrap(
              Arrays.copyOfRange(content, head, content.length), sessionContext(name, wanted))
          : Optional.empty();
    } catch (IOException e) {
      LOG.debug("a kept session cannot be read; its device shakes hands anew", e);
      return Optional.empty();
    }
  }

  private byte[] sealed(String name, String id, byte[] session) {
    byte[] wrapped = keys.wrap(session, sessionContext(name, id));
    return ByteBuffer.allocate(SESSION_MAGIC.length + ID_BYTES + wrapped.length)
        .put(SESSION_MAGIC)
        .put(HexFormat.of().parseHex(id))
        .put(wrapped)
        .array();
  }

  private static byte[] sessionContext(String name, String id) {
    return ("wardgate session 1 " + name + " " + id).getBytes(US_ASCII);
  }

  @Override
  public synchronized void saveConnections(byte[] all) {
    try {
      long number = counter.value().orElse(0) + 1;
      moveOn(number);
      byte[] wrapped = keys.wrap(all, connectionsContext(number));
      DurableFile.replace(
          connections,
          ByteBuffer.allocate(CONNECTIONS_MAGIC.length + Long.BYTES + wrapped.length)
              .put(CONNECTIONS_MAGIC)
              .putLong(number)
              .put(wrapped)
              .array());
    } catch (IOException e) {
      LOG.warn("connections could not be saved; their devices will shake hands in short", e);
    }
  }

  @Override
  public synchronized Optional<byte[]> takeConnections() {
    try {
      byte[] content = Files.readAllBytes(connections);
      Files.delete(connections);
      DurableFile.forceDirectory(directory);
      Optional<byte[]> opened = opened(content);
      // Raised past the number in the file: a copy of it that turns up later is refused.
      moveOn(counter.value().orElse(0) + 1);
      return opened;
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("saved connections cannot be used; their devices shake hands in short", e);
      refusal = Optional.of(Reason.STATE_UNAVAILABLE);
      return Optional.empty();
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
    int head = CONNECTIONS_MAGIC.length + Long.BYTES;
    if (content.length <= head || !startsWith(content, CONNECTIONS_MAGIC)) {
      return refused(Reason.STATE_DAMAGED);
    }
    if (counter.isCopy()) {
      return refused(Reason.STATE_COPIED);
    }
    long number = ByteBuffer.wrap(content).getLong(CONNECTIONS_MAGIC.length);
    if (counter.value().orElse(-1) != number) {
      return refused(Reason.STATE_ROLLED_BACK);
    }
    Optional<byte[]> plain =
        keys.unwrap(Arrays.copyOfRange(content, head, content.length), connectionsContext(number));
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

  private byte[] connectionsContext(long number) {
    byte[] what = ("wardgate connections 1 " + number + " on ").getBytes(US_ASCII);
    byte[] context = Arrays.copyOf(what, what.length + host.length);
    System.arraycopy(host, 0, context, what.length, host.length);
    return context;
  }

  /** Writes what still waits, and ends. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        writer.shutdownNow();
      }
    } catch (InterruptedException e) {
      writer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** Names a file after its device without telling which one. */
  private static String nameOf(DeviceId device) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(device.toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new WardgateBug("every Java platform has SHA-256", e);
    }
  }

  private static boolean startsWith(byte[] content, byte[] magic) {
    return content.length >= magic.length
        && Arrays.equals(content, 0, magic.length, magic, 0, magic.length);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.exchange.SavedSessions;
import io.wardgate.keys.DurableFile;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.LedgerRegistry;
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
import java.time.Instant;
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
 * Saved sessions in a gateway's state: one small sealed file for each device, and beside them one
 * for the connections of an orderly stop. Formats and reasons in {@code docs/adr/0010}.
 *
 * <p>A session's file is not forced to disk: after power loss it may be missing, which costs its
 * device a whole handshake and nothing else. Files are written on a thread of their own, so that a
 * slow disk holds up no handshake; what waits for it is one session for each device. Thread-safe.
 */
final class SessionFiles implements SavedSessions, AutoCloseable {

  static final String FOLDER = "sessions";

  private static final Logger LOG = LoggerFactory.getLogger(SessionFiles.class.getPackageName());
  private static final byte[] MAGIC = "WGSESSN1".getBytes(US_ASCII);
  private static final int MAX_SESSION_BYTES = 16 * 1024;
  private static final int MAX_SESSIONS = 100_000;
  private static final long CLOSE_SECONDS = 5;
  private static final int NAME_BYTES = 16;
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{" + 2 * NAME_BYTES + "}");

  /**
   * What stands at the head of a file.
   *
   * @param id of the session
   * @param until when it is of no use any more, seconds since 1970
   */
  private record Head(String id, long until) {

    static final int BYTES = MAGIC.length + ID_BYTES + Long.BYTES;

    static Optional<Head> of(byte[] content) {
      if (content.length <= BYTES
          || !Arrays.equals(content, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
        return Optional.empty();
      }
      int end = MAGIC.length + ID_BYTES;
      String id = HexFormat.of().formatHex(content, MAGIC.length, end);
      return Optional.of(new Head(id, ByteBuffer.wrap(content).getLong(end)));
    }

    byte[] context(String name) {
      return ("wardgate session 1 " + name + " " + id + " " + until).getBytes(US_ASCII);
    }

    byte[] before(byte[] wrapped) {
      return ByteBuffer.allocate(BYTES + wrapped.length)
          .put(MAGIC)
          .put(HexFormat.of().parseHex(id))
          .putLong(until)
          .put(wrapped)
          .array();
    }
  }

  /** A file to be written, or to be removed if it is empty. */
  private static final class Waiting {
    private final byte[] content;

    Waiting(byte[] content) {
      this.content = content;
    }
  }

  private final Path folder;
  private final ConnectionsFile connections;
  private final StateKeys keys;
  private final ExecutorService writer;

  /** By file name. */
  private final Map<String, Head> heads = new HashMap<>();

  /** By the id of the session in it. */
  private final Map<String, String> names = new HashMap<>();

  private final Map<String, Waiting> waiting = new HashMap<>();

  private SessionFiles(Path directory, StateKeys keys, LedgerRegistry ledger, byte[] host) {
    this.folder = directory.resolve(FOLDER);
    this.connections = new ConnectionsFile(directory, keys, ledger, host);
    this.keys = keys;
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
   * @param ledger knows whether connections were given back
   * @param host what this machine is called, which another one is not
   */
  static SessionFiles in(Path directory, StateKeys keys, LedgerRegistry ledger, byte[] host) {
    SessionFiles files = new SessionFiles(directory, keys, ledger, host);
    files.readIndex();
    return files;
  }

  private synchronized void readIndex() {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
      for (Path file : found) {
        String name = file.getFileName().toString();
        // What a crash left beside a file is none of ours.
        boolean ours = NAME.matcher(name).matches() && heads.size() < MAX_SESSIONS;
        Optional<Head> head = ours ? headOf(file) : Optional.empty();
        if (head.isPresent() && !names.containsKey(head.get().id())) {
          heads.put(name, head.get());
          names.put(head.get().id(), name);
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

  private static Optional<Head> headOf(Path file) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) <= MAX_SESSION_BYTES
        ? Head.of(Files.readAllBytes(file))
        : Optional.empty();
  }

  @Override
  public void keep(DeviceId device, byte[] id, byte[] session, Instant until) {
    if (id.length != ID_BYTES || session.length > MAX_SESSION_BYTES / 2) {
      return;
    }
    String name = nameOf(device);
    Head head = new Head(HexFormat.of().formatHex(id), until.getEpochSecond());
    put(name, head, head.before(keys.wrap(session, head.context(name))));
  }

  private synchronized void put(String name, Head head, byte[] content) {
    if (heads.size() >= MAX_SESSIONS && !heads.containsKey(name)) {
      return;
    }
    Head before = heads.put(name, head);
    if (before != null) {
      names.remove(before.id());
    }
    names.put(head.id(), name);
    later(name, new Waiting(content));
  }

  @Override
  public synchronized void forget(byte[] id) {
    Optional.ofNullable(names.get(HexFormat.of().formatHex(id))).ifPresent(this::remove);
  }

  @Override
  public synchronized void forget(DeviceId device) {
    remove(nameOf(device));
  }

  @Override
  public synchronized void purge(Instant now) {
    heads.entrySet().stream()
        .filter(entry -> entry.getValue().until() < now.getEpochSecond())
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::remove);
  }

  private void remove(String name) {
    Head head = heads.remove(name);
    if (head != null) {
      names.remove(head.id());
      later(name, new Waiting(new byte[0]));
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
        if (work.content.length == 0) {
          Files.deleteIfExists(folder.resolve(name));
        } else {
          makeFolder();
          DurableFile.replaceUnforced(folder.resolve(name), work.content);
        }
      } catch (IOException | RuntimeException e) {
        // Whatever it was: a name that waited for ever would never be written or removed again.
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
      byte[] content = work == null ? Files.readAllBytes(folder.resolve(name)) : work.content;
      return Head.of(content)
          .filter(head -> head.id().equals(wanted))
          .flatMap(
              head ->
                  keys.unwrap(
                      Arrays.copyOfRange(content, Head.BYTES, content.length), head.context(name)));
    } catch (IOException e) {
      LOG.debug("a kept session cannot be read; its device shakes hands anew", e);
      return Optional.empty();
    }
  }

  @Override
  public void saveConnections(byte[] all) {
    connections.save(all);
  }

  @Override
  public Optional<byte[]> takeConnections() {
    return connections.take();
  }

  /** Why the saved connections were not given back, if there were any and they were not. */
  Optional<Reason> refusal() {
    return connections.refusal();
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
}

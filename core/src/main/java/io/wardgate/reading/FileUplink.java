// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An uplink into a local file, one line of JSON per reading, forced to the medium before the stage
 * completes.
 *
 * <p>A line is {@code {"id","device","role","received","time","code","value","unit"}} in this
 * order, times as ISO 8601 instants in UTC, {@code value} a number, string or boolean, data
 * (waveforms too) as base64url without padding; {@code unit} is null if there is none; {@code
 * value} is null and {@code sum} follows where a sum says it all, and {@code sum} follows wherever
 * there is one.
 *
 * <p>After these, {@code bn} has the base name if there is one beside the record's own name; one
 * above 255 bytes as it is written is on the first line of its pack only, and {@code bnOf} on the
 * others names that line's id. Last comes {@code ut}, the seconds until the sensor's next word, if
 * it said them.
 *
 * <p>The file is created with mode 0600 and locked; a link, anything but a regular file, a file
 * that others than its owner may read or write, and one that does not begin as these lines do are
 * refused and left as they are. A line that a power cut left half written is cut off when the file
 * is opened; a whole line that was never acknowledged may remain, and the sensor sends it again
 * under another id.
 *
 * <p>The file may be rotated by renaming it: one group of readings fails, which their sensors send
 * again, and the next goes into a new file. Likewise one group fails if somebody truncates the file
 * or writes to it; nothing they wrote is overwritten. Rotation by copying and truncating loses what
 * is written between the two and is not noticed here.
 *
 * <p>One thread, {@code wardgate-uplink}, writes all that waits and forces once for all of it. At
 * most {@value #MAX_WAITING_READINGS} readings and {@value #MAX_WAITING_BYTES} bytes of lines wait
 * or are being written, and a quarter of each for one device that has some waiting already; beyond
 * that {@link Reason#OVERLOADED} at once. If writing or forcing fails, every stage of that group
 * fails with {@link Reason#UPLINK_UNAVAILABLE} and the file is cut back to what was acknowledged;
 * the next group tries again. Stages complete on the writing thread: what is chained to them must
 * not block. Thread-safe.
 */
public final class FileUplink implements Uplink {

  /** Some four seconds of 5000 readings each, should the medium stall. */
  public static final int MAX_WAITING_READINGS = 20_000;

  /** Twice what the largest pack can become as lines, all of it escaped. */
  public static final int MAX_WAITING_BYTES = 8 * 1024 * 1024;

  /** So many fill what may wait: one that floods leaves room for the others. */
  private static final int DEVICES_AT_LEAST = 4;

  private static final Logger LOG = LoggerFactory.getLogger(FileUplink.class.getPackageName());
  private static final long CLOSE_SECONDS = 10;

  private final Logger log;
  private final LineFile file;
  private final int maxReadings;
  private final int maxBytes;
  private final Thread writer;
  private final Object lock = new Object();

  // All under lock.
  private List<Waiting> waiting = new ArrayList<>();
  private int readingsTaken;
  private int bytesTaken;
  private final Map<DeviceId, Share> shares = new HashMap<>();
  private boolean closed;

  private FileUplink(LineFile file, int maxReadings, int maxBytes, Logger log) {
    this.log = log;
    this.file = file;
    this.maxReadings = maxReadings;
    this.maxBytes = maxBytes;
    this.writer = new Thread(this::write, "wardgate-uplink");
    writer.setDaemon(true);
  }

  /**
   * Opens or creates {@code path} and starts to write to it.
   *
   * @throws WardgateException {@link Reason#UPLINK_UNAVAILABLE} if it cannot be opened, locked or
   *     repaired, or is not a file of readings for its owner only; the message says which, and what
   *     was there is as it was
   */
  public static FileUplink open(Path path) throws WardgateException {
    try {
      return over(() -> ChannelFile.open(path), MAX_WAITING_READINGS, MAX_WAITING_BYTES, LOG);
    } catch (IOException e) {
      throw new WardgateException(
          Reason.UPLINK_UNAVAILABLE, "cannot open " + path + ": " + FileFailure.why(e), e);
    }
  }

  static FileUplink over(AppendFile.Opener path, int maxReadings, int maxBytes, Logger log)
      throws IOException {
    FileUplink uplink = new FileUplink(LineFile.open(path, log), maxReadings, maxBytes, log);
    uplink.writer.start();
    return uplink;
  }

  @Override
  public CompletionStage<Void> deliver(List<Observation> observations) {
    if (observations.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    DeviceId device = observations.get(0).device();
    // Asked before the lines are made too: who is refused must not cost what they cost.
    Optional<WardgateException> refusal = refusal(device, observations.size(), 0);
    if (refusal.isPresent()) {
      return CompletableFuture.failedFuture(refusal.get());
    }
    Waiting pack = new Waiting(device, observations.size(), ObservationLine.of(observations));
    synchronized (lock) {
      refusal = refusal(device, pack.readings, pack.lines.length);
      if (refusal.isPresent()) {
        return CompletableFuture.failedFuture(refusal.get());
      }
      readingsTaken += pack.readings;
      bytesTaken += pack.lines.length;
      shares.computeIfAbsent(device, d -> new Share()).add(pack.readings, pack.lines.length);
      waiting.add(pack);
      lock.notifyAll();
    }
    return pack.stored;
  }

  private Optional<WardgateException> refusal(DeviceId device, int readings, int bytes) {
    synchronized (lock) {
      if (closed) {
        return Optional.of(
            new WardgateException(Reason.UPLINK_UNAVAILABLE, "the file uplink is closed"));
      }
      Share share = shares.getOrDefault(device, Share.NONE);
      boolean isBeyondShare =
          share.readings > 0
              && (readings > maxReadings / DEVICES_AT_LEAST - share.readings
                  || bytes > maxBytes / DEVICES_AT_LEAST - share.bytes);
      return isBeyondShare
              || readings > maxReadings - readingsTaken
              || bytes > maxBytes - bytesTaken
          ? Optional.of(
              new WardgateException(
                  Reason.OVERLOADED,
                  readingsTaken + " readings, " + bytesTaken + " bytes wait for the file uplink"))
          : Optional.empty();
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    if (Thread.currentThread() == writer) {
      return;
    }
    try {
      writer.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (writer.isAlive()) {
      log.warn("the file uplink still writes; what it has not acknowledged may be lost");
    }
  }

  private void write() {
    try {
      boolean failing = false;
      for (List<Waiting> group = next(); !group.isEmpty(); group = next()) {
        // A flag set by something chained to a stage would close the channel under our hands.
        boolean unused = Thread.interrupted();
        failing = !stored(group, failing);
      }
    } finally {
      lastOneOut();
    }
  }

  /** All that waits; nothing only when closed. */
  private List<Waiting> next() {
    synchronized (lock) {
      while (waiting.isEmpty() && !closed) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          // Nobody has a reason to interrupt this thread; close() ends it.
        }
      }
      List<Waiting> group = waiting;
      waiting = new ArrayList<>();
      return group;
    }
  }

  private boolean stored(List<Waiting> group, boolean failing) {
    try {
      file.append(joined(group));
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        // No stack trace: a full disk is no place for it.
        log.warn("the file uplink cannot write; readings are refused until it can: {}", "" + e);
      }
      fail(group, "the file uplink could not write: " + FileFailure.why(e), e);
      return false;
    } catch (Error e) {
      fail(group, "the file uplink has ended", e);
      throw e;
    }
    if (failing) {
      log.info("the file uplink writes again");
    }
    release(group);
    group.forEach(pack -> pack.stored.complete(null));
    return true;
  }

  private void fail(List<Waiting> group, String detail, Throwable cause) {
    release(group);
    WardgateException failure = new WardgateException(Reason.UPLINK_UNAVAILABLE, detail, cause);
    group.forEach(pack -> pack.stored.completeExceptionally(failure));
  }

  private static byte[] joined(List<Waiting> group) {
    if (group.size() == 1) {
      return group.get(0).lines;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    group.forEach(pack -> all.writeBytes(pack.lines));
    return all.toByteArray();
  }

  private void release(List<Waiting> group) {
    synchronized (lock) {
      for (Waiting pack : group) {
        readingsTaken -= pack.readings;
        bytesTaken -= pack.lines.length;
        shares.computeIfPresent(
            pack.device,
            (device, share) -> share.add(-pack.readings, -pack.lines.length) ? share : null);
      }
    }
  }

  /** The thread ends: in order, or because of an error nobody foresaw. Nobody is left waiting. */
  private void lastOneOut() {
    List<Waiting> left;
    synchronized (lock) {
      closed = true;
      left = waiting;
      waiting = new ArrayList<>();
    }
    WardgateException ended =
        new WardgateException(Reason.UPLINK_UNAVAILABLE, "the file uplink has ended");
    left.forEach(pack -> pack.stored.completeExceptionally(ended));
    try {
      file.close();
    } catch (IOException e) {
      log.warn("the uplink's file did not close: {}", "" + e);
    }
  }

  /** What of one device waits. */
  private static final class Share {
    static final Share NONE = new Share();

    private int readings;
    private int bytes;

    /** Whether anything is left of it. */
    boolean add(int moreReadings, int moreBytes) {
      readings += moreReadings;
      bytes += moreBytes;
      return readings > 0;
    }
  }

  /** The lines of one pack and who waits for them. */
  private static final class Waiting {
    final DeviceId device;
    final int readings;
    final byte[] lines;
    final CompletableFuture<Void> stored = new CompletableFuture<>();

    Waiting(DeviceId device, int readings, byte[] lines) {
      this.device = device;
      this.readings = readings;
      this.lines = lines;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.keys.DurableFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * A {@link DeviceRegistry} in one text file of a gateway's state, rewritten whole and durably with
 * each registration.
 *
 * <p>First line {@code wardgate-devices 1}, then a line per device: id, role, ISO-8601 instant and,
 * if it is bound to one, the key's fingerprint, parted by tabs; last line {@code end} and the
 * number of devices, so that a file cut at the end of a line is seen to be cut. Whatever is not
 * exactly that is refused at opening with {@link Reason#STATE_DAMAGED}, never skipped: a registry
 * that forgets a line would forget a device. Thread-safe. One process owns the file.
 */
public final class FileRegistry implements DeviceRegistry {

  private static final String HEADER = "wardgate-devices 1";

  /** Ten thousand devices are about 1 MiB. */
  private static final long MAX_FILE_BYTES = 16L << 20;

  private final Path file;
  private final Map<DeviceId, Registration> devices = new ConcurrentHashMap<>();

  private FileRegistry(Path file) {
    this.file = file;
  }

  /**
   * Opens the registry at {@code file}, which is made with the first registration.
   *
   * @throws WardgateException {@link Reason#STATE_DAMAGED} or {@link Reason#STATE_UNAVAILABLE}
   */
  public static FileRegistry at(Path file) throws WardgateException {
    FileRegistry registry = new FileRegistry(file);
    registry.load();
    return registry;
  }

  @Override
  public Optional<Registration> find(DeviceId device) {
    return Optional.ofNullable(devices.get(device));
  }

  @Override
  public Collection<Registration> all() {
    return List.copyOf(devices.values());
  }

  @Override
  public synchronized void register(Registration registration) throws WardgateException {
    DeviceId device = registration.device();
    if (devices.containsKey(device)) {
      throw new WardgateException(Reason.DEVICE_ALREADY_REGISTERED, device.toString());
    }
    byte[] content =
        (HEADER
                + "\n"
                + devices.values().stream().map(FileRegistry::line).collect(Collectors.joining())
                + line(registration)
                + end(devices.size() + 1))
            .getBytes(UTF_8);
    if (content.length > MAX_FILE_BYTES) {
      throw new WardgateException(Reason.STATE_UNAVAILABLE, "the device registry is full");
    }
    try {
      DurableFile.replace(file, content);
    } catch (IOException e) {
      throw new WardgateException(
          Reason.STATE_UNAVAILABLE, "the device registry could not be written", e);
    }
    // Only now: a device must not be served that a restart would not know.
    devices.put(device, registration);
  }

  private static String line(Registration r) {
    return r.device()
        + "\t"
        + r.role()
        + "\t"
        + r.since()
        + r.key().map(key -> "\t" + key).orElse("")
        + "\n";
  }

  private static String end(int devices) {
    return "end " + devices + "\n";
  }

  private void load() throws WardgateException {
    Optional<String> content = read();
    if (content.isEmpty()) {
      return;
    }
    List<String> lines = List.of(content.get().split("\n", -1));
    int last = lines.size() - 2;
    if (last < 1 || !lines.get(0).equals(HEADER) || !lines.get(last + 1).isEmpty()) {
      throw new WardgateException(Reason.STATE_DAMAGED, "not a whole device registry of version 1");
    }
    if (!end(last - 1).equals(lines.get(last) + "\n")) {
      throw new WardgateException(
          Reason.STATE_DAMAGED, "the device registry does not end with its number of devices");
    }
    for (int i = 1; i < last; i++) {
      Registration registration = parse(lines.get(i), i + 1);
      if (devices.put(registration.device(), registration) != null) {
        throw new WardgateException(
            Reason.STATE_DAMAGED, "device registry line " + (i + 1) + ": a device twice");
      }
    }
  }

  /** The file's text, or empty if it was never made; "not allowed to look" is not "not there". */
  private Optional<String> read() throws WardgateException {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new WardgateException(Reason.STATE_DAMAGED, "the device registry is too large");
      }
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (CharacterCodingException e) {
      throw new WardgateException(Reason.STATE_DAMAGED, "the device registry is not UTF-8", e);
    } catch (IOException e) {
      throw new WardgateException(
          Reason.STATE_UNAVAILABLE, "the device registry could not be read", e);
    }
  }

  private static Registration parse(String line, int number) throws WardgateException {
    String[] fields = line.split("\t", -1);
    try {
      if (fields.length == 3 || fields.length == 4) {
        Registration registration =
            new Registration(
                DeviceId.parse(fields[0]),
                Role.of(fields[1]),
                Instant.parse(fields[2]),
                fields.length == 3 ? Optional.empty() : Optional.of(new KeyFingerprint(fields[3])));
        // There is one way to write a registration; another was not written here.
        if (line(registration).equals(line + "\n")) {
          return registration;
        }
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new WardgateException(
          Reason.STATE_DAMAGED, "device registry line " + number + " is not one of ours", e);
    }
    throw new WardgateException(
        Reason.STATE_DAMAGED, "device registry line " + number + " is not one of ours");
  }
}

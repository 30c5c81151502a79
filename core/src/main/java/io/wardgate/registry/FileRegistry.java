// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.keys.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
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
 * <p>First line {@code wardgate-devices 1}, then a line per device: id, role and ISO-8601 instant,
 * parted by tabs. Whatever is not exactly that is refused at opening with {@link
 * Reason#STATE_DAMAGED}, never skipped: a registry that forgets a line would forget a device.
 * Thread-safe. One process owns the file.
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
    String text =
        HEADER
            + "\n"
            + devices.values().stream().map(FileRegistry::line).collect(Collectors.joining())
            + line(registration);
    try {
      DurableFile.replace(file, text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new WardgateException(
          Reason.STATE_UNAVAILABLE, "the device registry could not be written", e);
    }
    // Only now: a device must not be served that a restart would not know.
    devices.put(device, registration);
  }

  private static String line(Registration r) {
    return r.device() + "\t" + r.role() + "\t" + r.since() + "\n";
  }

  private void load() throws WardgateException {
    if (!Files.exists(file)) {
      return;
    }
    String text;
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new WardgateException(Reason.STATE_DAMAGED, "the device registry is too large");
      }
      text = Files.readString(file);
    } catch (IOException e) {
      throw new WardgateException(
          Reason.STATE_UNAVAILABLE, "the device registry could not be read", e);
    }
    if (!text.startsWith(HEADER + "\n") || !text.endsWith("\n")) {
      throw new WardgateException(Reason.STATE_DAMAGED, "not a whole device registry of version 1");
    }
    int number = 1;
    for (String line : text.substring(HEADER.length() + 1).lines().toList()) {
      number++;
      Registration registration = parse(line, number);
      if (devices.put(registration.device(), registration) != null) {
        throw new WardgateException(
            Reason.STATE_DAMAGED, "device registry line " + number + ": a device twice");
      }
    }
  }

  private static Registration parse(String line, int number) throws WardgateException {
    String[] fields = line.split("\t", -1);
    try {
      if (fields.length == 3) {
        return new Registration(
            DeviceId.parse(fields[0]), Role.of(fields[1]), Instant.parse(fields[2]));
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new WardgateException(
          Reason.STATE_DAMAGED, "device registry line " + number + " is not one of ours", e);
    }
    throw new WardgateException(
        Reason.STATE_DAMAGED, "device registry line " + number + " is not one of ours");
  }
}

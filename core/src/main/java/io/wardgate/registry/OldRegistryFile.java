// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the text file that was the registry of version 0.1, to take it over.
 *
 * <p>First line {@code wardgate-devices 1}, then a line per device: id, role, ISO-8601 instant and,
 * if it is bound to one, the key's fingerprint, parted by tabs; last line {@code end} and the
 * number of devices, so that a file cut at the end of a line is seen to be cut. Whatever is not
 * exactly that is refused with {@link Reason#STATE_DAMAGED}, never skipped: a line that is
 * forgotten is a device that is forgotten.
 */
final class OldRegistryFile {

  private static final String HEADER = "wardgate-devices 1";

  /** No registry was written above this. */
  private static final long MAX_FILE_BYTES = 16L << 20;

  private OldRegistryFile() {}

  /**
   * What a ledger has to say to take over its devices. Of two that have one key the later is
   * suspended, as cloned: nobody can tell which of them comes, and the ledger knows no key twice.
   */
  static List<LedgerEntry> entries(Path file) throws WardgateException {
    List<LedgerEntry> entries = new ArrayList<>();
    Set<KeyFingerprint> keys = new HashSet<>();
    for (Registration registration : read(file)) {
      entries.add(new LedgerEntry.Registered(registration));
      if (!registration.keys().stream().allMatch(keys::add)) {
        entries.add(
            new LedgerEntry.Moved(
                EntryKind.SUSPENDED, registration.device(), Optional.of(Cause.CLONED)));
      }
    }
    return entries;
  }

  /** Its devices in the file's order; empty if there is no file. */
  static List<Registration> read(Path file) throws WardgateException {
    Optional<String> content = textOf(file);
    if (content.isEmpty()) {
      return List.of();
    }
    List<String> lines = List.of(content.get().split("\n", -1));
    int last = lines.size() - 2;
    if (last < 1 || !lines.get(0).equals(HEADER) || !lines.get(last + 1).isEmpty()) {
      throw new WardgateException(Reason.STATE_DAMAGED, "not a whole device registry of version 1");
    }
    if (!lines.get(last).equals("end " + (last - 1))) {
      throw new WardgateException(
          Reason.STATE_DAMAGED, "the device registry does not end with its number of devices");
    }
    List<Registration> devices = new ArrayList<>();
    Set<DeviceId> seen = new HashSet<>();
    for (int i = 1; i < last; i++) {
      Registration registration = parse(lines.get(i), i + 1);
      if (!seen.add(registration.device())) {
        throw new WardgateException(
            Reason.STATE_DAMAGED, "device registry line " + (i + 1) + ": a device twice");
      }
      devices.add(registration);
    }
    return devices;
  }

  /** The file's text, or empty if there is none; "not allowed to look" is not "not there". */
  private static Optional<String> textOf(Path file) throws WardgateException {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new WardgateException(Reason.STATE_DAMAGED, "the device registry is too large");
      }
      return Optional.of(Files.readString(file, UTF_8));
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
        Registration device =
            new Registration(
                DeviceId.parse(fields[0]), Role.of(fields[1]), Instant.parse(fields[2]));
        Registration registration =
            fields.length == 3 ? device : device.boundTo(new KeyFingerprint(fields[3]));
        // There was one way to write a registration; another was not written by us.
        if (fields[0].equals(device.device().toString())
            && fields[2].equals(device.since().toString())) {
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

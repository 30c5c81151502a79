// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.registry.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a list of device serials, one a line; empty lines are passed over. */
final class Serials {

  /** As many of 64 characters, and the ends of their lines, as a batch may have. */
  static final int MAX_BYTES = Batch.MAX_COUNT * 66;

  private Serials() {}

  /**
   * The devices in {@code file}, in order.
   *
   * @throws WardgateException {@link Reason#INPUT_INVALID} with the line that is no serial, or if
   *     it is longer than {@value #MAX_BYTES} bytes
   * @throws IOException if it cannot be read
   */
  static List<DeviceId> in(Path file) throws IOException, WardgateException {
    return in(SpokenCommand.readUpTo(file, MAX_BYTES));
  }

  static List<DeviceId> in(byte[] content) throws WardgateException {
    if (content.length > MAX_BYTES) {
      throw new WardgateException(Reason.INPUT_INVALID, "more than " + MAX_BYTES + " bytes");
    }
    List<DeviceId> devices = new ArrayList<>();
    int number = 0;
    // A serial is ASCII: what is not becomes a character that none has.
    for (String line : new String(content, US_ASCII).lines().toList()) {
      number++;
      if (!line.isBlank()) {
        devices.add(device(line.strip(), number));
      }
    }
    return devices;
  }

  private static DeviceId device(String serial, int line) throws WardgateException {
    try {
      return DeviceId.of(serial);
    } catch (IllegalArgumentException e) {
      throw new WardgateException(Reason.INPUT_INVALID, "line " + line + " is no device serial", e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.registry.Batch;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a list of device serials, one a line; empty lines are passed over. */
final class Serials {

  /** A serial has 64. */
  private static final int MAX_LINE = 80;

  private Serials() {}

  /**
   * The devices in {@code file}, in order.
   *
   * @throws WardgateException {@link Reason#INPUT_INVALID} with the line that is no serial, or if
   *     there are more than a batch may have
   * @throws IOException if it cannot be read, or is not UTF-8
   */
  static List<DeviceId> in(Path file) throws IOException, WardgateException {
    List<DeviceId> devices = new ArrayList<>();
    try (BufferedReader reader = Files.newBufferedReader(file, UTF_8)) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        String serial = line.strip();
        if (serial.isEmpty()) {
          continue;
        }
        if (devices.size() == Batch.MAX_COUNT || serial.length() > MAX_LINE) {
          throw invalid(number);
        }
        try {
          devices.add(DeviceId.of(serial));
        } catch (IllegalArgumentException e) {
          throw invalid(number);
        }
      }
    }
    return devices;
  }

  private static WardgateException invalid(int line) {
    return new WardgateException(Reason.INPUT_INVALID, "line " + line + " is no device serial");
  }
}

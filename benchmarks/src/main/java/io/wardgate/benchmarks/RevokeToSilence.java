// SPDX-License-Identifier: Apache-2.0
package io.wardgate.benchmarks;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.gateway.Gateway;
import io.wardgate.registry.Cause;
import io.wardgate.sensor.SensorClient;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Prints how long it takes from revoking a device until its session is gone, with the fsync. */
public final class RevokeToSilence {

  private static final int DEVICES = 100;
  private static final PrintStream OUT = System.out;

  private RevokeToSilence() {}

  /** Measures in a temporary directory. */
  public static void main(String[] arguments) throws Exception {
    List<SensorClient> sensors = new ArrayList<>();
    try (BenchWard ward = new BenchWard(Files.createTempDirectory("wardgate-revoke"))) {
      for (int i = 0; i < DEVICES; i++) {
        SensorClient sensor = ward.sensor("device-" + i);
        sensors.add(sensor);
        var unused = BenchWard.post(sensor).get();
      }
      measure(ward.gateway());
    } finally {
      sensors.forEach(SensorClient::close);
    }
  }

  private static void measure(Gateway gateway) throws WardgateException {
    long[] micros = new long[DEVICES];
    for (int i = 0; i < DEVICES; i++) {
      int before = gateway.metrics().sessions();
      long begun = System.nanoTime();
      gateway.registry().revoke(DeviceId.of("device-" + i), Cause.STOLEN);
      while (gateway.metrics().sessions() == before) {
        Thread.onSpinWait();
      }
      micros[i] = (System.nanoTime() - begun) / 1000;
    }
    Arrays.sort(micros);
    OUT.printf(
        "revoke to silence: %d sessions, p50 %d us, p99 %d us, most %d us%n",
        DEVICES, micros[DEVICES / 2], micros[DEVICES * 99 / 100], micros[DEVICES - 1]);
  }
}

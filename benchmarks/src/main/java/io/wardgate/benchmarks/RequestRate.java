// SPDX-License-Identifier: Apache-2.0
package io.wardgate.benchmarks;

import io.wardgate.WardgateException;
import io.wardgate.sensor.SensorClient;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a small request costs: sensors on loopback that each post again as soon as they are
 * answered, in one process with the gateway. Compare two versions in turns, by ratio. Short: after
 * 65536 messages a session has to wait until CoAP lets it use a number again.
 */
public final class RequestRate {

  private static final PrintStream OUT = System.out;
  private static final int SENSORS = 8;
  private static final int ROUNDS = 4;
  private static final long SECONDS = 3;

  private RequestRate() {}

  /** Measures in a temporary directory; the first round warms up. */
  public static void main(String[] arguments) throws Exception {
    List<SensorClient> sensors = new ArrayList<>();
    AtomicBoolean on = new AtomicBoolean(true);
    LongAdder answered = new LongAdder();
    try (BenchWard ward = new BenchWard(Files.createTempDirectory("wardgate-rate"))) {
      for (int i = 0; i < SENSORS; i++) {
        SensorClient sensor = ward.sensor("device-" + i);
        sensors.add(sensor);
        var unused = BenchWard.post(sensor).get();
        again(sensor, on, answered);
      }
      for (int round = 0; round < ROUNDS; round++) {
        answered.reset();
        TimeUnit.SECONDS.sleep(SECONDS);
        OUT.printf("round %d: %d requests a second%n", round, answered.sum() / SECONDS);
      }
    } finally {
      on.set(false);
      sensors.forEach(SensorClient::close);
    }
  }

  private static void again(SensorClient sensor, AtomicBoolean on, LongAdder answered) {
    try {
      var unused =
          BenchWard.post(sensor)
              .thenAccept(
                  response -> {
                    answered.increment();
                    if (on.get()) {
                      again(sensor, on, answered);
                    }
                  });
    } catch (WardgateException e) {
      OUT.println(e.reason().code());
    }
  }
}

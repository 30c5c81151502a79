// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples;

import io.wardgate.WardgateException;
import io.wardgate.identity.SensorCredential;
import io.wardgate.reading.Mdc;
import io.wardgate.reading.Priority;
import io.wardgate.reading.Reading;
import io.wardgate.sensor.SensorClient;
import io.wardgate.transport.DtlsTransport;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;

/** A sensor that hands over one heart rate and waits until the gateway has it safe; in README. */
public final class SensorInTenLines {

  private SensorInTenLines() {}

  // tag::readme[]
  static void post(SensorCredential credential, InetSocketAddress gateway, double rate, Instant now)
      throws WardgateException {
    var to = DtlsTransport.to(gateway);
    try (var sensor = SensorClient.builder().credential(credential).transport(to).open()) {
      var heartRate = Reading.quantity(Mdc.HEART_RATE.code(), rate, "beat/min", now);
      sensor.submit(Priority.VITAL, List.of(heartRate)).toCompletableFuture().join();
    }
  }
  // end::readme[]
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;

class HelloFilterFuzzTest {

  private static final InetSocketAddress SOURCE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

  private final HelloFilter filter =
      HelloFilter.ofGateway(
          DtlsSettings.gateway(10, SessionLimits.DEFAULT, Set.of(), true, true), from -> false);

  @FuzzTest
  void everyDatagramIsLetThroughOrDroppedAndLeftAsItIs(byte[] input) {
    byte[] before = input.clone();
    for (int offset = 0; offset <= Math.min(3, input.length); offset++) {
      var unused =
          filter.onReceiving(new DatagramPacket(input, offset, input.length - offset, SOURCE));
    }
    assertThat(input).isEqualTo(before);
  }
}

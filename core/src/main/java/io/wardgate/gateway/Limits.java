// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import java.time.Duration;

/**
 * How much work a gateway takes on at once; beyond it answers 5.03 and forgets the request.
 *
 * @param outstandingPerDevice requests of one device that may be unanswered at once, 1 to 256
 * @param outstandingInTotal requests of all devices that may be unanswered at once, 1 to 65536
 * @param handlerThreads threads that call the makers' handlers, 1 to 64
 * @param retryAfter what 5.03 asks the device to wait, 1 second to 1 hour
 */
public record Limits(
    int outstandingPerDevice, int outstandingInTotal, int handlerThreads, Duration retryAfter) {

  /**
   * The defaults: 8 per device is twice what a sensor with an alarm, a vital sign, a waveform and a
   * log under way needs; 1024 in total times 64 KiB is the 64 MiB a gateway can spare; 4 threads
   * because handlers are asynchronous; 2 seconds because a full queue drains in less.
   */
  public static final Limits DEFAULT = new Limits(8, 1024, 4, Duration.ofSeconds(2));

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public Limits {
    requireRange("outstandingPerDevice", outstandingPerDevice, 1, 256);
    requireRange("outstandingInTotal", outstandingInTotal, 1, 65_536);
    requireRange("handlerThreads", handlerThreads, 1, 64);
    requireRange("retryAfter in seconds", retryAfter.toSeconds(), 1, 3600);
  }

  private static void requireRange(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(name + " is " + least + " to " + most + ", not " + value);
    }
  }
}

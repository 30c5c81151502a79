// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.net;

/** Which way a datagram travels through the proxy. */
public enum Direction {
  /** From a client to the target. */
  TO_TARGET,
  /** From the target back to a client. */
  TO_CLIENT
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

/** What one kind of sensor does in one second; called for each second in turn, the first is 1. */
interface Source {

  void second(long second, Report report);
}

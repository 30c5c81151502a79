// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import io.wardgate.testkit.Draws;

/** A span of numbers to draw from, both ends finite, low first. */
record Range(double low, double high) {

  double draw(Draws draws) {
    return draws.between(low, high);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.Reason;
import java.util.Optional;

/**
 * What came of one intruder.
 *
 * @param name what it is, for people
 * @param marker the code of the reading it tried to place; nobody else uses it
 * @param expected why it must be refused
 * @param told why the gateway's security event says it was refused, if it said so
 * @param answered whether it got an answer of success
 */
record Attempt(
    String name, String marker, Reason expected, Optional<Reason> told, boolean answered) {

  /** What a table says about it. */
  String outcome() {
    if (answered) {
      return "ACCEPTED";
    }
    return told.map(reason -> "refused: " + reason.code()).orElse("...");
  }
}

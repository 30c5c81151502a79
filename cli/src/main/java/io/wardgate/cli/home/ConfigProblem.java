// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

/**
 * One thing a configuration may not say, and where it says it. Values are never repeated: a secret
 * may stand where none belongs.
 *
 * @param line from 1
 * @param column from 1
 * @param message for people
 */
public record ConfigProblem(int line, int column, String message) {

  /** In the form editors jump to. */
  @Override
  public String toString() {
    return "gateway.toml:" + line + ":" + column + ": " + message;
  }
}

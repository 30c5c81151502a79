// SPDX-License-Identifier: Apache-2.0
package io.wardgate.json;

/** What kind of value comes next, as far as its first byte tells. */
public enum JsonType {
  /** An object. */
  OBJECT,
  /** An array. */
  ARRAY,
  /** A string. */
  TEXT,
  /** A number. */
  NUMBER,
  /** {@code true} or {@code false}. */
  BOOLEAN,
  /** {@code null}. */
  NULL
}

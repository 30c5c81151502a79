// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a SenML record (RFC 8428 table 1), in the order deterministic CBOR gives their
 * labels.
 */
enum SenmlField {
  NAME("n", 0),
  UNIT("u", 1),
  VALUE("v", 2),
  TEXT_VALUE("vs", 3),
  FLAG_VALUE("vb", 4),
  SUM("s", 5),
  TIME("t", 6),
  UPDATE_TIME("ut", 7),
  DATA_VALUE("vd", 8),
  BASE_VERSION("bver", -1),
  BASE_NAME("bn", -2),
  BASE_TIME("bt", -3),
  BASE_UNIT("bu", -4),
  BASE_VALUE("bv", -5),
  BASE_SUM("bs", -6);

  private final String label;
  private final int number;

  SenmlField(String label, int number) {
    this.label = label;
    this.number = number;
  }

  static @Nullable SenmlField ofLabel(String label) {
    for (SenmlField field : values()) {
      if (field.label.equals(label)) {
        return field;
      }
    }
    return null;
  }

  static @Nullable SenmlField ofNumber(long number) {
    for (SenmlField field : values()) {
      if (field.number == number) {
        return field;
      }
    }
    return null;
  }

  /** The label in JSON. */
  String label() {
    return label;
  }

  /** The label in CBOR. */
  int number() {
    return number;
  }
}

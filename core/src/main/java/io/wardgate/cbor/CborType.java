// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cbor;

/** What kind of item comes next, as far as its first byte tells. */
public enum CborType {
  /** An integer, zero or above. */
  UNSIGNED,
  /** An integer below zero. */
  NEGATIVE,
  /** A byte string. */
  BYTES,
  /** A text string. */
  TEXT,
  /** An array. */
  ARRAY,
  /** A map. */
  MAP,
  /** A tag; the item it marks follows. */
  TAG,
  /** {@code true} or {@code false}. */
  BOOLEAN,
  /** {@code null}. */
  NULL,
  /** {@code undefined}. */
  UNDEFINED,
  /** A floating-point number of 16, 32 or 64 bits. */
  FLOAT,
  /** Any other simple value. */
  SIMPLE
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.cbor.CborReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;

/** The maps of one entry, read field by field in the order they were written. */
final class LedgerFields {

  /** An entry, its credentials, one of them. */
  private static final int MAX_DEPTH = 3;

  /** Far more than there are, so that a later version's are told apart from damage. */
  private static final int MAX_FIELDS = 64;

  private static final HexFormat HEX = HexFormat.of();

  private final CborReader in;

  /** How many fields are left in each open map, the innermost last. */
  private final int[] left = new int[MAX_DEPTH];

  private int open;

  LedgerFields(byte[] payload) {
    this.in = new CborReader(payload, MAX_DEPTH);
  }

  /** Enters the map that stands next. */
  void open() throws WardgateException {
    left[open++] = in.readMap(MAX_FIELDS);
  }

  /** Leaves a map; a field nobody asked for is refused. */
  void close() throws WardgateException {
    if (left[--open] > 0) {
      throw unexpected(in.readLong());
    }
  }

  /** Nothing follows. */
  void end() throws WardgateException {
    in.end();
  }

  /** A field that is a map of its own. */
  LedgerFields nested(int key) throws WardgateException {
    field(key);
    return this;
  }

  String text(int key, int maxBytes) throws WardgateException {
    field(key);
    return in.readText(maxBytes);
  }

  /** Exactly so many bytes, as lower-case hexadecimal. */
  String hex(int key, int bytes) throws WardgateException {
    field(key);
    byte[] found = in.readBytes(bytes);
    if (found.length != bytes) {
      throw new IllegalArgumentException(found.length + " bytes, not " + bytes);
    }
    return HEX.formatHex(found);
  }

  /** At most so many bytes, as lower-case hexadecimal. */
  String hexUpTo(int key, int bytes) throws WardgateException {
    field(key);
    return HEX.formatHex(in.readBytes(bytes));
  }

  long natural(int key) throws WardgateException {
    field(key);
    long number = in.readLong();
    if (number < 0) {
      throw new IllegalArgumentException("a number below zero");
    }
    return number;
  }

  int array(int key, int maxItems) throws WardgateException {
    field(key);
    return in.readArray(maxItems);
  }

  /** Seconds and nanoseconds. */
  Instant instant(int key) throws WardgateException {
    if (array(key, 2) != 2) {
      throw new IllegalArgumentException("an instant has two parts");
    }
    long seconds = in.readLong();
    long nanos = in.readLong();
    if (nanos < 0 || nanos >= 1_000_000_000) {
      throw new IllegalArgumentException("not nanoseconds");
    }
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not an instant", e);
    }
  }

  private void field(int key) throws WardgateException {
    if (left[open - 1]-- == 0) {
      throw new IllegalArgumentException("a field is missing");
    }
    long found = in.readLong();
    if (found != key) {
      throw unexpected(found);
    }
  }

  private static WardgateException unexpected(long key) {
    return key > LedgerFormat.LAST_KEY
        ? new WardgateException(Reason.STATE_NEWER, "a field " + key + " in the ledger")
        : new WardgateException(Reason.STATE_DAMAGED, "a field " + key + " that belongs elsewhere");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import io.wardgate.cbor.MalformedCborException;
import io.wardgate.json.MalformedJsonException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a pack of SenML (RFC 8428) in CBOR or JSON, whole or not at all.
 *
 * <p>Every record becomes one {@link Reading} with its base fields applied, in the order of the
 * pack. The code is the record's own name, before the base name is prefixed; unknown codes, units
 * and data pass through. Fields that RFC 8428 does not know are passed over as it demands (section
 * 4.4), unless their label ends with an underscore.
 *
 * <p>Refused: what the readers of {@code cbor} and {@code json} refuse; a pack without record; a
 * record without name, with more than one value, or with neither value nor sum; a version not
 * understood; numbers that are, or add up to, no finite double; times outside the window; whatever
 * is above the {@link Limits}. A base name is never a reason, unless it stands alone as a record's
 * name and is longer than a name may be. SenML's numbers are doubles: an integer above 2^53 is
 * rounded to the nearest, a time to the microsecond.
 *
 * <p>Immutable and thread-safe; never waits. Supports EN 303 645 5.13-1.
 */
public final class SenmlDecoder {

  private final Limits limits;

  /** A decoder with these limits. */
  public SenmlDecoder(Limits limits) {
    this.limits = limits;
  }

  /**
   * Decodes one pack.
   *
   * @param received the gateway's time of receipt: what times relative to now refer to, and the
   *     time of a record that has none
   * @throws ReadingRefusedException if any rule above is broken; nothing of the pack is used then
   */
  public List<Reading> decode(SenmlFormat format, byte[] payload, Instant received)
      throws ReadingRefusedException {
    if (payload.length > limits.maxBytes()) {
      throw new ReadingRefusedException(
          Reason.SENML_TOO_LARGE, payload.length + " bytes where " + limits.maxBytes() + " may be");
    }
    try {
      return records(source(format, payload), new SenmlResolver(limits, received));
    } catch (ReadingRefusedException e) {
      throw e;
    } catch (MalformedCborException e) {
      throw new ReadingRefusedException(e, e.offset());
    } catch (MalformedJsonException e) {
      throw new ReadingRefusedException(e, e.offset());
    } catch (WardgateException e) {
      throw new WardgateBug("a source fails in a way of its own", e);
    }
  }

  private SenmlSource source(SenmlFormat format, byte[] payload) throws WardgateException {
    return switch (format) {
      case SENML_CBOR -> new SenmlCborSource(payload, limits.maxDepth());
      case SENML_JSON -> new SenmlJsonSource(payload, limits.maxDepth());
    };
  }

  private List<Reading> records(SenmlSource source, SenmlResolver resolver)
      throws WardgateException {
    List<Reading> readings = new ArrayList<>();
    int at = source.offset();
    while (source.nextRecord()) {
      if (readings.size() == limits.maxRecords()) {
        throw new ReadingRefusedException(
            Reason.SENML_TOO_MANY_RECORDS, at, "more than " + limits.maxRecords());
      }
      readings.add(resolver.resolve(SenmlRecord.read(source, limits), at));
      at = source.offset();
    }
    source.end();
    if (readings.isEmpty()) {
      throw new ReadingRefusedException(Reason.SENML_NO_RECORD, 0, "a pack");
    }
    return List.copyOf(readings);
  }

  /**
   * What a pack may cost.
   *
   * @param maxBytes of the payload
   * @param maxDepth of arrays, maps and tags in one another
   * @param maxRecords of a pack
   * @param maxNameLength of a record's name and of a unit, in characters
   * @param maxTextLength of a text value, in characters
   * @param maxDataBytes of a data value
   * @param past how long before receipt a time may lie
   * @param future how long after receipt a time may lie
   */
  public record Limits(
      int maxBytes,
      int maxDepth,
      int maxRecords,
      int maxNameLength,
      int maxTextLength,
      int maxDataBytes,
      Duration past,
      Duration future) {

    /**
     * The default.
     *
     * <ul>
     *   <li>64 KiB: a minute of one ECG lead, and the largest body the gateway takes;
     *   <li>depth 8: SenML needs four, extensions may have some of their own;
     *   <li>1024 records: 17 minutes of one value per second after a lost link;
     *   <li>names and units of 255 characters: a URN and a code with room to spare;
     *   <li>texts of 4096 characters: a message, not a document;
     *   <li>data of 48 KiB: what base64 leaves of 64 KiB;
     *   <li>31 days back: a device that was away for a month may still hand in what it kept;
     *   <li>24 hours ahead: a clock set to the wrong time zone, not one that is lost.
     * </ul>
     */
    public static final Limits DEFAULT =
        new Limits(
            64 * 1024, 8, 1024, 255, 4096, 48 * 1024, Duration.ofDays(31), Duration.ofHours(24));

    /**
     * Checks that nothing is below zero.
     *
     * @throws IllegalArgumentException if something is
     */
    public Limits {
      if (maxBytes < 0
          || maxDepth < 0
          || maxRecords < 0
          || maxNameLength < 0
          || maxTextLength < 0
          || maxDataBytes < 0
          || past.isNegative()
          || future.isNegative()) {
        throw new IllegalArgumentException("a limit below zero");
      }
    }
  }
}

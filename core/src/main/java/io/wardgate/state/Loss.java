// SPDX-License-Identifier: Apache-2.0
package io.wardgate.state;

/**
 * Acknowledged records that are not there any more, and where they should be; or bytes that were
 * put between records, with none of them lost. What is damaged is left in its file untouched, and
 * never handed out.
 *
 * @param cause what happened to them
 * @param first the first sequence number that is lost
 * @param last the last one; one below {@code first} if none is lost
 * @param segment the number of the segment, 0 if there is none
 * @param offset where the damage begins in it, in bytes
 * @param bytes how far it goes
 */
public record Loss(Cause cause, long first, long last, long segment, long offset, long bytes) {

  /** What happened. */
  public enum Cause {
    /** The bytes are not those that were written. */
    DAMAGED,
    /** They are not there, and later ones are. */
    MISSING,
    /** They are not there, and were the last of their segment: cut off, or never put back. */
    CUT
  }

  /** For people, and without anything that was lost. */
  @Override
  public String toString() {
    String records = first == last ? "record " + first : "records " + first + " to " + last;
    if (last < first) {
      records = "no record lost, what stands before record " + first;
    }
    String where =
        segment == 0 ? "" : ", segment " + segment + " at " + offset + ", " + bytes + " bytes";
    return records
        + switch (cause) {
          case DAMAGED -> " damaged";
          case MISSING -> " missing";
          case CUT -> " cut off at the end";
        }
        + where;
  }
}

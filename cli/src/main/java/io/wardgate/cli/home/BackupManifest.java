// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import io.wardgate.state.StateReport;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a backup says it holds: which ledger, when, how far ledger and audit trail went, and each
 * file's size and SHA-256. There is one way to write it; another is refused. Immutable.
 *
 * @param ledgerId 32 hexadecimal digits
 * @param time when it was made
 * @param ledger the last record of the ledger
 * @param audit the last record of the audit trail
 * @param files in the order they lie in the backup; the vault first
 */
record BackupManifest(String ledgerId, Instant time, Head ledger, Head audit, List<Item> files) {

  /** What the format is called; the number after it is its version. */
  private static final String FORMAT = "wardgate-backup ";

  private static final String FIRST_LINE = FORMAT + "1";

  /** Beyond this the format of the archive itself would need to change. */
  static final int MAX_FILES = 60_000;

  /** So many lines of the longest that one can be. */
  static final int MAX_BYTES = MAX_FILES * 256;

  /** A home of a hundred thousand devices is a tenth of this. */
  static final long MAX_TOTAL_BYTES = 2L << 30;

  private static final Pattern VERSION = Pattern.compile(FORMAT + "[1-9][0-9]{0,8}");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final int LINES_BEFORE_FILES = 5;

  /**
   * A place in a hash-chained journal.
   *
   * @param sequence 0 if it is empty
   * @param hash 64 hexadecimal digits
   */
  record Head(long sequence, String hash) {
    Head {
      if (sequence < 0 || !SHA_256.matcher(hash).matches()) {
        throw new IllegalArgumentException("not a place in a journal");
      }
    }

    /**
     * How far a part of a copied home goes; that it lies elsewhere is what a copy does.
     *
     * @throws WardgateException what is wrong with it, if it has losses nobody has accepted
     */
    static Head of(String part, StateReport report) throws WardgateException {
      if (!report.losses().isEmpty()) {
        throw new WardgateException(
            report.standing().reason().orElse(Reason.STATE_DAMAGED),
            "the " + part + " has losses nobody has accepted, first: " + report.losses().get(0));
      }
      return new Head(report.head(), report.headHash());
    }

    @Override
    public String toString() {
      return sequence + " " + hash;
    }
  }

  /**
   * One file.
   *
   * @param sha256 64 hexadecimal digits
   * @param bytes its size
   * @param name its path in the home, by {@link BackupFiles}
   */
  record Item(String sha256, long bytes, String name) {
    Item {
      if (!SHA_256.matcher(sha256).matches()
          || bytes < 0
          || bytes > BackupFiles.mostBytesOf(name)) {
        throw new IllegalArgumentException("not a file of a backup");
      }
    }

    /** What {@link #sha256} is computed by. */
    static MessageDigest digest() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new WardgateBug("every Java platform has SHA-256", e);
      }
    }

    @Override
    public String toString() {
      return sha256 + " " + bytes + " " + name;
    }
  }

  /** Checks that it can be a home, and no more than one. */
  BackupManifest {
    files = List.copyOf(files);
    Set<String> names = new HashSet<>();
    files.forEach(file -> names.add(file.name()));
    if (!ID.matcher(ledgerId).matches()
        || files.isEmpty()
        || !files.get(0).name().equals(BackupFiles.VAULT)
        || files.size() > MAX_FILES
        || names.size() != files.size()
        || !names.containsAll(BackupFiles.REQUIRED)
        || files.stream().mapToLong(Item::bytes).sum() > MAX_TOTAL_BYTES) {
      throw new IllegalArgumentException("not a backup of a home");
    }
  }

  /** What is signed and kept. */
  byte[] toBytes() {
    StringBuilder out = new StringBuilder();
    out.append(FIRST_LINE).append('\n');
    out.append("ledger ").append(ledgerId).append('\n');
    out.append("time ").append(time).append('\n');
    out.append("ledger-head ").append(ledger).append('\n');
    out.append("audit-head ").append(audit).append('\n');
    files.forEach(file -> out.append("file ").append(file).append('\n'));
    out.append("end ").append(files.size()).append('\n');
    return out.toString().getBytes(US_ASCII);
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws WardgateException {@link Reason#STATE_NEWER} if a later version wrote it, else {@link
   *     Reason#BACKUP_DAMAGED}
   */
  static BackupManifest parse(byte[] bytes) throws WardgateException {
    String text = new String(bytes, US_ASCII);
    String[] lines = text.split("\n", -1);
    if (VERSION.matcher(lines[0]).matches() && !lines[0].equals(FIRST_LINE)) {
      throw new WardgateException(
          Reason.STATE_NEWER, "the backup is of a later format than this version knows");
    }
    int last = lines.length - 2;
    if (bytes.length > MAX_BYTES || last < LINES_BEFORE_FILES) {
      throw damaged();
    }
    try {
      List<Item> files = new ArrayList<>();
      for (int i = LINES_BEFORE_FILES; i < last; i++) {
        String[] words = words(lines[i], "file", 4);
        files.add(new Item(words[1], Long.parseLong(words[2]), words[3]));
      }
      BackupManifest manifest =
          new BackupManifest(
              words(lines[1], "ledger", 2)[1],
              Instant.parse(words(lines[2], "time", 2)[1]),
              head(words(lines[3], "ledger-head", 3)),
              head(words(lines[4], "audit-head", 3)),
              files);
      if (new String(manifest.toBytes(), US_ASCII).equals(text)) {
        return manifest;
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new WardgateException(
          Reason.BACKUP_DAMAGED, "the backup's list of files is not one of ours", e);
    }
    throw damaged();
  }

  private static Head head(String[] words) {
    return new Head(Long.parseLong(words[1]), words[2]);
  }

  private static String[] words(String line, String first, int count) {
    String[] words = line.split(" ", -1);
    if (words.length != count || !words[0].equals(first)) {
      throw new IllegalArgumentException("another line than expected");
    }
    return words;
  }

  private static WardgateException damaged() {
    return new WardgateException(
        Reason.BACKUP_DAMAGED, "the backup's list of files is not one of ours");
  }
}

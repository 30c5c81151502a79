// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.journal.JournalRecord;
import io.wardgate.json.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/**
 * Entries of the ledger as JSON, a line each: what was written, with its place in the chain. A
 * sequence number is far below 2^53, where a double would leave one out.
 */
final class LedgerLine {

  private LedgerLine() {}

  /** Writes a line, or throws {@link UncheckedIOException}: through a journal that reads. */
  static void write(Appendable out, JournalRecord record, LedgerEntry entry) {
    try {
      out.append(of(record, entry)).append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String of(JournalRecord record, LedgerEntry entry) {
    JsonWriter out = new JsonWriter().beginObject();
    out.name("sequence").number((double) record.sequence());
    text(out, "time", record.time().toString());
    text(out, "hash", HexFormat.of().formatHex(record.hash()));
    text(out, "entry", entry.kind().code());
    if (entry instanceof LedgerEntry.Genesis genesis) {
      text(out, "ledger", genesis.ledgerId());
    } else if (entry instanceof LedgerEntry.Certified certified) {
      text(out, "device", certified.device().toString());
      credential(out.name("credential"), certified.credential());
    } else if (entry instanceof LedgerEntry.Registered registered) {
      registration(out, registered.registration());
    } else if (entry instanceof LedgerEntry.Moved moved) {
      text(out, "device", moved.device().toString());
      moved.cause().ifPresent(cause -> text(out, "cause", cause.code()));
    } else if (entry instanceof LedgerEntry.Restored restored) {
      out.name("head").number((double) restored.head());
      text(out, "head-hash", restored.headHash());
    } else if (entry instanceof LedgerEntry.ConnectionsSaved saved) {
      text(out, "connections", saved.id());
    } else if (entry instanceof LedgerEntry.BatchOpened opened) {
      batch(out, opened.batch());
    } else if (entry instanceof LedgerEntry.BatchClosed closed) {
      text(out, "batch", closed.batch());
    } else if (entry instanceof LedgerEntry.Invited invited) {
      invitation(out, invited.invitation());
    } else if (entry instanceof LedgerEntry.Uninvited uninvited) {
      text(out, "device", uninvited.device().toString());
    } else if (entry instanceof LedgerEntry.Enrolled enrolled) {
      enrolment(out, enrolled.enrolment());
    } else if (entry instanceof LedgerEntry.Proved proved) {
      text(out, "device", proved.device().toString());
      text(out, "key", proved.key().hex());
    }
    return out.endObject().toString();
  }

  private static void batch(JsonWriter out, Batch batch) {
    text(out, "batch", batch.id());
    text(out, "model", batch.model().name());
    out.name("count").number((double) batch.count());
    text(out, "station", batch.station());
    text(out, "from", batch.from().toString());
    text(out, "until", batch.until().toString());
    text(out, "authorisation", batch.authorisation());
  }

  private static void invitation(JsonWriter out, Invitation invitation) {
    text(out, "device", invitation.device().toString());
    text(out, "role", invitation.role().name());
    invitation.key().ifPresent(key -> text(out, "key", key.hex()));
    text(out, "until", invitation.until().toString());
  }

  private static void enrolment(JsonWriter out, Enrolment enrolment) {
    text(out, "device", enrolment.device().toString());
    text(out, "role", enrolment.role().name());
    text(out, "since", enrolment.since().toString());
    credential(out.name("credential"), enrolment.credential());
    text(out, "until", enrolment.until().toString());
    text(out, "by", enrolment.by().hex());
    text(out, "request", enrolment.request());
  }

  private static void registration(JsonWriter out, Registration registration) {
    text(out, "device", registration.device().toString());
    text(out, "role", registration.role().name());
    text(out, "since", registration.since().toString());
    out.name("credentials").beginArray();
    registration.credentials().forEach(credential -> credential(out, credential));
    out.endArray();
  }

  private static void credential(JsonWriter out, IssuedCredential credential) {
    out.beginObject();
    if (credential instanceof IssuedCertificate certificate) {
      text(out, "kind", "certificate");
      text(out, "issuer", certificate.serial().issuer());
      text(out, "serial", certificate.serial().number());
    } else if (credential instanceof IssuedPreSharedKey shared) {
      text(out, "kind", "pre-shared-key");
      text(out, "secret-fingerprint", shared.secret().hex());
    } else {
      text(out, "kind", "key");
    }
    text(out, "key", credential.key().hex());
    out.endObject();
  }

  private static void text(JsonWriter out, String name, String value) {
    out.name(name).text(value);
  }
}

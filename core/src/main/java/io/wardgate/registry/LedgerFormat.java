// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.cbor.CborWriter;
import io.wardgate.cbor.MalformedCborException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Entries of the ledger as bytes: a CBOR map (RFC 8949) with ascending integer keys, written one
 * way and read strictly.
 *
 * <p>A kind, key or code above those known here was written by a later version and is refused with
 * {@link Reason#STATE_NEWER}, because it may take away what this version would grant; anything else
 * that is not exactly ours with {@link Reason#STATE_DAMAGED}. Nothing is skipped.
 */
final class LedgerFormat {

  /** Keys of the maps. A number is never used again; the last one tells what is newer. */
  private static final int DEVICE = 1;

  private static final int ROLE = 2;
  private static final int SINCE = 3;
  private static final int CREDENTIALS = 4;
  private static final int CREDENTIAL = 5;
  private static final int CAUSE = 6;
  private static final int LEDGER_ID = 7;
  private static final int HEAD = 8;
  private static final int HEAD_HASH = 9;
  private static final int KIND = 10;
  private static final int KEY = 11;
  private static final int ISSUER = 12;
  private static final int SERIAL = 13;
  private static final int SECRET = 14;
  private static final int CONNECTIONS = 15;
  private static final int BATCH = 16;
  private static final int COUNT = 17;
  private static final int STATION = 18;
  private static final int FROM = 19;
  private static final int UNTIL = 20;
  private static final int AUTHORISATION = 21;
  private static final int BY = 22;
  private static final int REQUEST = 23;
  private static final int ENCODED = 24;
  private static final int UNINVITED = 25;
  static final int LAST_KEY = UNINVITED;

  /** Kinds of credentials. */
  private static final int BARE_KEY = 0;

  private static final int CERTIFICATE = 1;
  private static final int PRE_SHARED_KEY = 2;

  static final int LEDGER_ID_BYTES = 16;
  static final int CONNECTIONS_ID_BYTES = 16;

  private static final int HASH_BYTES = 32;

  /** A namespace of 63, a slash, a serial of 64. */
  private static final int MAX_DEVICE = 128;

  private static final int MAX_WORD = 40;
  private static final HexFormat HEX = HexFormat.of();

  private LedgerFormat() {}

  static byte[] encode(LedgerEntry entry) {
    CborWriter out = new CborWriter();
    if (entry instanceof LedgerEntry.Genesis genesis) {
      out.map(1).integer(LEDGER_ID).bytes(HEX.parseHex(genesis.ledgerId()));
    } else if (entry instanceof LedgerEntry.Certified certified) {
      device(out.map(2), certified.device());
      write(out.integer(CREDENTIAL), certified.credential());
    } else if (entry instanceof LedgerEntry.Registered registered) {
      write(out, registered.registration());
    } else if (entry instanceof LedgerEntry.Moved moved) {
      device(out.map(moved.cause().isPresent() ? 2 : 1), moved.device());
      moved.cause().ifPresent(cause -> out.integer(CAUSE).text(cause.code()));
    } else if (entry instanceof LedgerEntry.Restored restored) {
      out.map(2).integer(HEAD).integer(restored.head());
      out.integer(HEAD_HASH).bytes(HEX.parseHex(restored.headHash()));
    } else if (entry instanceof LedgerEntry.ConnectionsSaved saved) {
      out.map(1).integer(CONNECTIONS).bytes(HEX.parseHex(saved.id()));
    } else if (entry instanceof LedgerEntry.ConnectionsTaken) {
      out.map(0);
    } else if (entry instanceof LedgerEntry.BatchOpened opened) {
      write(out, opened.batch());
    } else if (entry instanceof LedgerEntry.BatchClosed closed) {
      out.map(1).integer(BATCH).text(closed.batch());
    } else if (entry instanceof LedgerEntry.Invited invited) {
      write(out, invited.invitation());
    } else if (entry instanceof LedgerEntry.Uninvited uninvited) {
      out.map(1).integer(UNINVITED).text(uninvited.device().toString());
    } else if (entry instanceof LedgerEntry.Enrolled enrolled) {
      write(out, enrolled.enrolment());
    } else if (entry instanceof LedgerEntry.Proved proved) {
      device(out.map(2), proved.device());
      out.integer(KEY).bytes(HEX.parseHex(proved.key().hex()));
    }
    return out.toBytes();
  }

  private static void device(CborWriter out, DeviceId device) {
    out.integer(DEVICE).text(device.toString());
  }

  private static void write(CborWriter out, Registration registration) {
    Instant since = registration.since();
    device(out.map(4), registration.device());
    out.integer(ROLE).text(registration.role().name());
    write(out.integer(SINCE), since);
    out.integer(CREDENTIALS).array(registration.credentials().size());
    registration.credentials().forEach(credential -> write(out, credential));
  }

  private static void write(CborWriter out, Instant instant) {
    out.array(2).integer(instant.getEpochSecond()).integer(instant.getNano());
  }

  private static void write(CborWriter out, Batch batch) {
    out.map(7).integer(ROLE).text(batch.model().name());
    out.integer(BATCH).text(batch.id());
    out.integer(COUNT).integer(batch.count());
    out.integer(STATION).text(batch.station());
    write(out.integer(FROM), batch.from());
    write(out.integer(UNTIL), batch.until());
    out.integer(AUTHORISATION).bytes(HEX.parseHex(batch.authorisation()));
  }

  private static void write(CborWriter out, Invitation invitation) {
    device(out.map(4), invitation.device());
    out.integer(ROLE).text(invitation.role().name());
    String key = invitation.key().map(KeyFingerprint::hex).orElse("");
    out.integer(KEY).bytes(HEX.parseHex(key));
    write(out.integer(UNTIL), invitation.until());
  }

  private static void write(CborWriter out, Enrolment enrolment) {
    device(out.map(8), enrolment.device());
    out.integer(ROLE).text(enrolment.role().name());
    write(out.integer(SINCE), enrolment.since());
    write(out.integer(CREDENTIAL), enrolment.credential());
    write(out.integer(UNTIL), enrolment.until());
    out.integer(BY).bytes(HEX.parseHex(enrolment.by().hex()));
    out.integer(REQUEST).bytes(HEX.parseHex(enrolment.request()));
    out.integer(ENCODED).bytes(HEX.parseHex(enrolment.certificate()));
  }

  private static void write(CborWriter out, IssuedCredential credential) {
    byte[] key = HEX.parseHex(credential.key().hex());
    if (credential instanceof IssuedCertificate certificate) {
      out.map(4).integer(KIND).integer(CERTIFICATE).integer(KEY).bytes(key);
      out.integer(ISSUER).bytes(HEX.parseHex(certificate.serial().issuer()));
      out.integer(SERIAL).text(certificate.serial().number());
    } else if (credential instanceof IssuedPreSharedKey shared) {
      out.map(3).integer(KIND).integer(PRE_SHARED_KEY).integer(KEY).bytes(key);
      out.integer(SECRET).bytes(HEX.parseHex(shared.secret().hex()));
    } else {
      out.map(2).integer(KIND).integer(BARE_KEY).integer(KEY).bytes(key);
    }
  }

  /**
   * The entry of that type.
   *
   * @throws WardgateException {@link Reason#STATE_NEWER} or {@link Reason#STATE_DAMAGED}
   */
  static LedgerEntry decode(int type, byte[] payload) throws WardgateException {
    Optional<EntryKind> kind = EntryKind.ofType(type);
    if (kind.isEmpty()) {
      throw new WardgateException(Reason.STATE_NEWER, "an entry of the ledger of kind " + type);
    }
    try {
      LedgerFields in = new LedgerFields(payload);
      LedgerEntry entry = read(kind.get(), in);
      in.end();
      return entry;
    } catch (MalformedCborException | IllegalArgumentException e) {
      throw new WardgateException(
          Reason.STATE_DAMAGED, "an entry of the ledger is not one of ours", e);
    }
  }

  private static LedgerEntry read(EntryKind kind, LedgerFields in) throws WardgateException {
    in.open();
    LedgerEntry entry =
        switch (kind) {
          case GENESIS -> new LedgerEntry.Genesis(in.hex(LEDGER_ID, LEDGER_ID_BYTES));
          case CERTIFIED ->
              new LedgerEntry.Certified(device(in), credential(in.nested(CREDENTIAL)));
          case REGISTERED -> new LedgerEntry.Registered(registration(in));
          case ACTIVATED, RESUMED -> new LedgerEntry.Moved(kind, device(in), Optional.empty());
          case SUSPENDED, REVOKED, RETIRED ->
              new LedgerEntry.Moved(kind, device(in), Optional.of(cause(in)));
          case RESTORED ->
              new LedgerEntry.Restored(in.natural(HEAD), in.hex(HEAD_HASH, HASH_BYTES));
          case CONNECTIONS_SAVED ->
              new LedgerEntry.ConnectionsSaved(in.hex(CONNECTIONS, CONNECTIONS_ID_BYTES));
          case CONNECTIONS_TAKEN -> new LedgerEntry.ConnectionsTaken();
          case BATCH_OPENED -> new LedgerEntry.BatchOpened(batch(in));
          case BATCH_CLOSED -> new LedgerEntry.BatchClosed(in.text(BATCH, Batch.MAX_NAME));
          case INVITED -> new LedgerEntry.Invited(invitation(in));
          case UNINVITED ->
              new LedgerEntry.Uninvited(DeviceId.parse(in.text(UNINVITED, MAX_DEVICE)));
          case ENROLLED -> new LedgerEntry.Enrolled(enrolment(in));
          case PROVED ->
              new LedgerEntry.Proved(device(in), new KeyFingerprint(in.hex(KEY, HASH_BYTES)));
        };
    in.close();
    return entry;
  }

  private static DeviceId device(LedgerFields in) throws WardgateException {
    return DeviceId.parse(in.text(DEVICE, MAX_DEVICE));
  }

  private static Cause cause(LedgerFields in) throws WardgateException {
    return Cause.of(in.text(CAUSE, MAX_WORD))
        .orElseThrow(
            () -> new WardgateException(Reason.STATE_NEWER, "a cause not known to this version"));
  }

  private static Invitation invitation(LedgerFields in) throws WardgateException {
    DeviceId device = device(in);
    Role role = Role.of(in.text(ROLE, MAX_WORD));
    String key = in.hexUpTo(KEY, HASH_BYTES);
    return new Invitation(
        device,
        role,
        key.isEmpty() ? Optional.empty() : Optional.of(new KeyFingerprint(key)),
        in.instant(UNTIL));
  }

  private static Enrolment enrolment(LedgerFields in) throws WardgateException {
    DeviceId device = device(in);
    Role role = Role.of(in.text(ROLE, MAX_WORD));
    Instant since = in.instant(SINCE);
    if (!(credential(in.nested(CREDENTIAL)) instanceof IssuedCertificate certificate)) {
      throw new IllegalArgumentException("a device is enrolled with a certificate");
    }
    Instant until = in.instant(UNTIL);
    KeyFingerprint by = new KeyFingerprint(in.hex(BY, HASH_BYTES));
    String request = in.hex(REQUEST, HASH_BYTES);
    return new Enrolment(
        device,
        role,
        since,
        certificate,
        until,
        by,
        request,
        in.hexUpTo(ENCODED, Enrolment.MAX_CERTIFICATE_BYTES));
  }

  private static Batch batch(LedgerFields in) throws WardgateException {
    Role model = Role.of(in.text(ROLE, MAX_WORD));
    String id = in.text(BATCH, Batch.MAX_NAME);
    int count = (int) Math.min(in.natural(COUNT), Integer.MAX_VALUE);
    String station = in.text(STATION, Batch.MAX_NAME);
    Instant from = in.instant(FROM);
    return new Batch(
        id, model, count, station, from, in.instant(UNTIL), in.hex(AUTHORISATION, HASH_BYTES));
  }

  private static Registration registration(LedgerFields in) throws WardgateException {
    DeviceId device = device(in);
    Role role = Role.of(in.text(ROLE, MAX_WORD));
    Instant since = in.instant(SINCE);
    int count = in.array(CREDENTIALS, Registration.MAX_CREDENTIALS);
    List<IssuedCredential> credentials = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      credentials.add(credential(in));
    }
    return new Registration(device, role, DeviceState.ISSUED, since, credentials);
  }

  /** The map of a credential, which stands next. */
  private static IssuedCredential credential(LedgerFields in) throws WardgateException {
    in.open();
    long kind = in.natural(KIND);
    KeyFingerprint key = new KeyFingerprint(in.hex(KEY, HASH_BYTES));
    IssuedCredential credential;
    if (kind == BARE_KEY) {
      credential = new IssuedKey(key);
    } else if (kind == CERTIFICATE) {
      credential =
          new IssuedCertificate(
              key,
              new CertificateSerial(
                  in.hex(ISSUER, CertificateSerial.ISSUER_DIGITS / 2),
                  in.text(SERIAL, CertificateSerial.MAX_DIGITS + 1)));
    } else if (kind == PRE_SHARED_KEY) {
      credential = new IssuedPreSharedKey(key, new SecretFingerprint(in.hex(SECRET, HASH_BYTES)));
    } else {
      throw new WardgateException(Reason.STATE_NEWER, "a credential of kind " + kind);
    }
    in.close();
    return credential;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import io.wardgate.cbor.CborReader;
import io.wardgate.cbor.CborWriter;
import io.wardgate.identity.Revocations.Known;
import io.wardgate.keys.DurableFile;
import io.wardgate.keys.FileCounter;
import io.wardgate.keys.NewerFormatException;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.CertificateSerial;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.state.Standing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where revocations are kept: one small file, replaced as a whole, sealed under the state's keys,
 * and a counter beside it that says how often it was: a file that was put back, or taken away, is
 * noticed.
 *
 * <p>Eight bytes {@code WGREVOKE}, one byte of format, then AES-GCM over a CBOR array: how often it
 * was written, {@link Standing} of what was before (0 sound, 1 damaged, 2 rolled back), lists (each
 * the authority's certificate and the list, in DER), certificates denied (each issuer and number),
 * keys denied. Format 1 had no counter, and the last three only.
 */
final class RevocationFile {

  static final String NAME = "revocations";
  static final String COUNTER = NAME + ".head";

  private static final byte[] MAGIC = "WGREVOKE".getBytes(US_ASCII);
  private static final byte FORMAT = 2;
  private static final byte FORMAT_WITHOUT_COUNTER = 1;
  private static final byte[] CONTEXT = "wardgate revocations 2".getBytes(US_ASCII);
  private static final byte[] CONTEXT_1 = "wardgate revocations 1".getBytes(US_ASCII);

  /** By their number in the file. */
  private static final List<Standing> STANDINGS =
      List.of(Standing.SOUND, Standing.DAMAGED, Standing.ROLLED_BACK);

  private static final int MAX_DEPTH = 3;
  private static final int MAX_TEXT = 128;

  private static final Logger LOG = LoggerFactory.getLogger(Revocations.class.getPackageName());

  /**
   * What was kept, and whether it is all of it.
   *
   * @param written how often it was written; 0 if that was never counted
   */
  record Kept(long written, Standing standing, Known known) {}

  private final Path file;
  private final StateKeys keys;
  private final FileCounter counter;

  /** How often it was written; the next time is one more. */
  private long written;

  RevocationFile(Path directory, StateKeys keys) {
    this.file = directory.resolve(NAME);
    this.keys = keys;
    this.counter = FileCounter.at(directory.resolve(COUNTER), keys);
  }

  /**
   * Begins to count, before there is anything to keep.
   *
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE}
   */
  void begin() throws WardgateException {
    try {
      counter.raise(0);
    } catch (IOException e) {
      throw new WardgateException(Reason.STATE_UNAVAILABLE, "revocations cannot be kept", e);
    }
  }

  /**
   * What is there. Of a file that is not what was written nothing is believed; one that is older
   * than the last still tells what it tells.
   *
   * @throws WardgateException as {@link Revocations#in}
   */
  Kept read() throws WardgateException {
    OptionalLong counted;
    try {
      counted = counter.value();
    } catch (NewerFormatException e) {
      throw new WardgateException(Reason.STATE_NEWER, "revocations are of a later format", e);
    } catch (IOException e) {
      throw new WardgateException(Reason.STATE_UNAVAILABLE, "revocations cannot be read", e);
    }
    Kept kept;
    try {
      kept = content();
    } catch (WardgateException e) {
      if (e.reason() != Reason.STATE_DAMAGED) {
        throw e;
      }
      kept = new Kept(0, Standing.DAMAGED, Known.NOTHING);
    }
    written = Math.max(kept.written(), counted.orElse(0));
    // A crash between the file and its counter leaves the counter one behind, never ahead. The file
    // of format 1 is the only one there may be without a counter.
    boolean isOld =
        counted.isPresent()
            ? kept.written() < counted.getAsLong()
            : kept.written() > 0 || kept.known().isEmpty();
    return kept.standing() == Standing.SOUND && isOld
        ? new Kept(kept.written(), Standing.ROLLED_BACK, kept.known())
        : kept;
  }

  private Kept content() throws WardgateException {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return new Kept(0, Standing.SOUND, Known.NOTHING);
    } catch (IOException e) {
      throw new WardgateException(Reason.STATE_UNAVAILABLE, "revocations cannot be read", e);
    }
    int head = MAGIC.length + 1;
    if (content.length < head || !Arrays.equals(MAGIC, 0, head - 1, content, 0, head - 1)) {
      throw damaged();
    }
    if (content[head - 1] > FORMAT) {
      throw new WardgateException(Reason.STATE_NEWER, "revocations are of a later format");
    }
    byte format = content[head - 1];
    byte[] sealed = Arrays.copyOfRange(content, head, content.length);
    Optional<byte[]> plain =
        switch (format) {
          case FORMAT -> keys.unwrap(sealed, CONTEXT);
          case FORMAT_WITHOUT_COUNTER -> keys.unwrap(sealed, CONTEXT_1);
          default -> Optional.empty();
        };
    return parse(plain.orElseThrow(RevocationFile::damaged), format == FORMAT);
  }

  /**
   * Replaces it.
   *
   * @param standing whether something of what was before is lost
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE}
   */
  void write(Known known, Standing standing) throws WardgateException {
    byte[] sealed = keys.wrap(encode(written + 1, standing, known), CONTEXT);
    byte[] content = Arrays.copyOf(MAGIC, MAGIC.length + 1 + sealed.length);
    content[MAGIC.length] = FORMAT;
    System.arraycopy(sealed, 0, content, MAGIC.length + 1, sealed.length);
    try {
      DurableFile.replace(file, content);
    } catch (IOException e) {
      throw new WardgateException(Reason.STATE_UNAVAILABLE, "revocations cannot be kept", e);
    }
    written++;
    try {
      counter.raise(written);
    } catch (IOException e) {
      // It is kept; only whether it is put back would not be noticed before the next time.
      LOG.warn("how often revocations were written could not be kept", e);
    }
  }

  private static byte[] encode(long written, Standing standing, Known known) {
    CborWriter out =
        new CborWriter().array(5).integer(written).integer(STANDINGS.indexOf(standing));
    out.array((int) known.listCount());
    for (List<RevocationList> lists : known.lists().values()) {
      for (RevocationList list : lists) {
        try {
          out.array(2).bytes(list.authority().getEncoded()).bytes(list.encoded());
        } catch (CertificateEncodingException e) {
          throw new WardgateBug("a certificate that was parsed does not encode", e);
        }
      }
    }
    out.array(known.serials().size());
    known.serials().forEach(serial -> out.array(2).text(serial.issuer()).text(serial.number()));
    out.array(known.keys().size());
    known.keys().forEach(key -> out.text(key.hex()));
    return out.toBytes();
  }

  private static Kept parse(byte[] plain, boolean counted) throws WardgateException {
    try {
      CborReader in = new CborReader(plain, MAX_DEPTH);
      int items = counted ? 5 : 3;
      requireSize(in.readArray(items), items);
      long written = counted ? in.readLong() : 0;
      Standing standing = counted ? standingOf(in.readLong()) : Standing.SOUND;
      Known known = Known.NOTHING;
      for (int left = in.readArray(Revocations.MAX_LISTS); left > 0; left--) {
        requireSize(in.readArray(2), 2);
        X509Certificate authority = certificate(in.readBytes(Integer.MAX_VALUE));
        known =
            known.with(
                RevocationList.of(in.readBytes(RevocationList.MAX_BYTES), List.of(authority)));
      }
      Set<CertificateSerial> serials = new HashSet<>();
      for (int left = in.readArray(Revocations.MAX_DENIED); left > 0; left--) {
        requireSize(in.readArray(2), 2);
        serials.add(new CertificateSerial(in.readText(MAX_TEXT), in.readText(MAX_TEXT)));
      }
      Set<KeyFingerprint> keys = new HashSet<>();
      for (int left = in.readArray(Revocations.MAX_DENIED); left > 0; left--) {
        keys.add(new KeyFingerprint(in.readText(MAX_TEXT)));
      }
      in.end();
      return new Kept(written, standing, new Known(known.lists(), serials, keys));
    } catch (WardgateException | GeneralSecurityException | IllegalArgumentException e) {
      throw new WardgateException(Reason.STATE_DAMAGED, "revocations are not what was written", e);
    }
  }

  private static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509", "SUN")
            .generateCertificate(new ByteArrayInputStream(der));
  }

  private static Standing standingOf(long number) {
    if (number < 0 || number >= STANDINGS.size()) {
      throw new IllegalArgumentException("no standing");
    }
    return STANDINGS.get((int) number);
  }

  private static void requireSize(int found, int wanted) {
    if (found != wanted) {
      throw new IllegalArgumentException(found + " items, not " + wanted);
    }
  }

  private static WardgateException damaged() {
    return new WardgateException(Reason.STATE_DAMAGED, "revocations are not what was written");
  }
}

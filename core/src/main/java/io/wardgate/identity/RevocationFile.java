// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import io.wardgate.cbor.CborReader;
import io.wardgate.cbor.CborWriter;
import io.wardgate.identity.Link.Signer;
import io.wardgate.identity.Revocations.Known;
import io.wardgate.keys.DurableFile;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.CertificateSerial;
import io.wardgate.registry.KeyFingerprint;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where revocations are kept: one small file, replaced as a whole, sealed under the state's keys.
 *
 * <p>Eight bytes {@code WGREVOKE}, one byte of format, then AES-GCM over a CBOR array of three
 * arrays: lists (each the authority's certificate and the list, in DER), certificates denied (each
 * issuer and number), keys denied.
 */
final class RevocationFile {

  static final String NAME = "revocations";

  private static final byte[] MAGIC = "WGREVOKE".getBytes(US_ASCII);
  private static final byte FORMAT = 1;
  private static final byte[] CONTEXT = "wardgate revocations 1".getBytes(US_ASCII);
  private static final int MAX_DEPTH = 3;
  private static final int MAX_TEXT = 128;

  private final Path file;
  private final StateKeys keys;

  RevocationFile(Path directory, StateKeys keys) {
    this.file = directory.resolve(NAME);
    this.keys = keys;
  }

  /**
   * What is there; nothing if there is no file.
   *
   * @throws WardgateException as {@link Revocations#in}
   */
  Known read() throws WardgateException {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Known.NOTHING;
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
    Optional<byte[]> plain =
        content[head - 1] == FORMAT
            ? keys.unwrap(Arrays.copyOfRange(content, head, content.length), CONTEXT)
            : Optional.empty();
    return parse(plain.orElseThrow(RevocationFile::damaged));
  }

  /**
   * Replaces it.
   *
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE}
   */
  void write(Known known) throws WardgateException {
    byte[] sealed = keys.wrap(encode(known), CONTEXT);
    byte[] content = Arrays.copyOf(MAGIC, MAGIC.length + 1 + sealed.length);
    content[MAGIC.length] = FORMAT;
    System.arraycopy(sealed, 0, content, MAGIC.length + 1, sealed.length);
    try {
      DurableFile.replace(file, content);
    } catch (IOException e) {
      throw new WardgateException(Reason.STATE_UNAVAILABLE, "revocations cannot be kept", e);
    }
  }

  private static byte[] encode(Known known) {
    CborWriter out = new CborWriter().array(3).array(known.lists().size());
    for (RevocationList list : known.lists().values()) {
      try {
        out.array(2).bytes(list.authority().getEncoded()).bytes(list.encoded());
      } catch (CertificateEncodingException e) {
        throw new WardgateBug("a certificate that was parsed does not encode", e);
      }
    }
    out.array(known.serials().size());
    known.serials().forEach(serial -> out.array(2).text(serial.issuer()).text(serial.number()));
    out.array(known.keys().size());
    known.keys().forEach(key -> out.text(key.hex()));
    return out.toBytes();
  }

  private static Known parse(byte[] plain) throws WardgateException {
    try {
      CborReader in = new CborReader(plain, MAX_DEPTH);
      requireSize(in.readArray(3), 3);
      Map<Signer, RevocationList> lists = new HashMap<>();
      for (int left = in.readArray(Revocations.MAX_LISTS); left > 0; left--) {
        requireSize(in.readArray(2), 2);
        X509Certificate authority = certificate(in.readBytes(Integer.MAX_VALUE));
        RevocationList list =
            RevocationList.of(in.readBytes(RevocationList.MAX_BYTES), List.of(authority));
        lists.put(Signer.of(authority), list);
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
      return new Known(lists, serials, keys);
    } catch (WardgateException | GeneralSecurityException | IllegalArgumentException e) {
      throw new WardgateException(Reason.STATE_DAMAGED, "revocations are not what was written", e);
    }
  }

  private static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509", "SUN")
            .generateCertificate(new ByteArrayInputStream(der));
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

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.factory;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import io.wardgate.json.JsonReader;
import io.wardgate.registry.Batch;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what authorises a batch: a CMS SignedData (RFC 5652) in DER around a JSON object, as {@code
 * openssl cms -sign -binary -nodetach -outform DER} makes it.
 *
 * <p>The object has exactly the members {@code batch}, {@code model}, {@code count}, {@code
 * station}, {@code from} and {@code until}; {@link Batch} says what they may be. Signed by exactly
 * one, with ECDSA and SHA-256 or SHA-384, by the one certificate that may authorise batches here;
 * certificates that come with it are not looked at. At most {@value #MAX_BYTES} bytes. Stateless.
 */
public final class BatchAuthorisation {

  /** Four times what it needs with a certificate in it. */
  public static final int MAX_BYTES = 8192;

  private static final int MAX_DEPTH = 2;
  private static final int MAX_TEXT = 64;
  private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();
  private static final String DATA = "1.2.840.113549.1.7.1";
  private static final Set<String> SIGNATURES =
      Set.of("1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3");
  private static final Set<String> DIGESTS =
      Set.of("2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2");

  private BatchAuthorisation() {}

  /**
   * The batch that {@code signed} authorises.
   *
   * @param authoriser who may authorise batches here, while the certificate is valid
   * @throws WardgateException {@link Reason#BATCH_UNAUTHORISED} or {@link Reason#BATCH_MALFORMED}
   */
  public static Batch read(byte[] signed, X509Certificate authoriser, Instant now)
      throws WardgateException {
    if (now.isBefore(authoriser.getNotBefore().toInstant())
        || now.isAfter(authoriser.getNotAfter().toInstant())) {
      throw new WardgateException(
          Reason.BATCH_UNAUTHORISED, "the authoriser's certificate is not valid now");
    }
    if (signed.length > MAX_BYTES) {
      throw new WardgateException(Reason.BATCH_MALFORMED, signed.length + " bytes");
    }
    return batch(verified(signed, authoriser), digest(signed));
  }

  private static byte[] verified(byte[] signed, X509Certificate authoriser)
      throws WardgateException {
    CMSSignedData data = parsed(signed);
    Collection<SignerInformation> signers = data.getSignerInfos().getSigners();
    // None would be verified by all of none.
    if (signers.size() != 1 || !isBy(authoriser, signers.iterator().next())) {
      throw new WardgateException(
          Reason.BATCH_UNAUTHORISED, "not signed by the authoriser, and by nobody else");
    }
    return (byte[]) data.getSignedContent().getContent();
  }

  private static CMSSignedData parsed(byte[] signed) throws WardgateException {
    try {
      CMSSignedData data = new CMSSignedData(signed);
      if (!Arrays.equals(data.getEncoded("DER"), signed)) {
        throw new WardgateException(Reason.BATCH_MALFORMED, "not DER, or more than one thing");
      }
      if (!(data.getSignedContent() != null
          && DATA.equals(data.getSignedContentTypeOID())
          && data.getSignedContent().getContent() instanceof byte[])) {
        throw new WardgateException(Reason.BATCH_MALFORMED, "without what is signed");
      }
      return data;
    } catch (CMSException | IOException | RuntimeException e) {
      // Whatever the parsers throw on these bytes, they are no authorisation.
      throw new WardgateException(Reason.BATCH_MALFORMED, "it does not parse", e);
    }
  }

  private static boolean isBy(X509Certificate authoriser, SignerInformation signer)
      throws WardgateException {
    try {
      return SIGNATURES.contains(signer.getEncryptionAlgOID())
          && DIGESTS.contains(signer.getDigestAlgOID())
          && signer.verify(
              new JcaSimpleSignerInfoVerifierBuilder()
                  .setProvider(BOUNCY_CASTLE)
                  .build(authoriser.getPublicKey()));
    } catch (CMSException | OperatorCreationException | RuntimeException e) {
      throw new WardgateException(Reason.BATCH_UNAUTHORISED, "it does not verify", e);
    }
  }

  private static Batch batch(byte[] json, String digest) throws WardgateException {
    try {
      Members members = Members.read(new JsonReader(json, MAX_DEPTH));
      return new Batch(
          required(members.batch),
          Role.of(required(members.model)),
          whole(members.count),
          required(members.station),
          Instant.parse(required(members.from)),
          Instant.parse(required(members.until)),
          digest);
    } catch (WardgateException e) {
      throw new WardgateException(Reason.BATCH_MALFORMED, "what is signed is no batch", e);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new WardgateException(Reason.BATCH_MALFORMED, String.valueOf(e.getMessage()), e);
    }
  }

  /** What stands in the object. */
  private static final class Members {
    private @Nullable String batch;
    private @Nullable String model;
    private double count;
    private @Nullable String station;
    private @Nullable String from;
    private @Nullable String until;

    static Members read(JsonReader in) throws WardgateException {
      Members members = new Members();
      in.beginObject();
      for (String name = in.nextName(MAX_TEXT); name != null; name = in.nextName(MAX_TEXT)) {
        switch (name) {
          case "batch" -> members.batch = in.readText(MAX_TEXT);
          case "model" -> members.model = in.readText(MAX_TEXT);
          case "count" -> members.count = in.readDouble();
          case "station" -> members.station = in.readText(MAX_TEXT);
          case "from" -> members.from = in.readText(MAX_TEXT);
          case "until" -> members.until = in.readText(MAX_TEXT);
          // It may take away what this version would grant.
          default -> throw new IllegalArgumentException("a member that is not known here");
        }
      }
      in.end();
      return members;
    }
  }

  private static String required(@Nullable String text) {
    if (text == null) {
      throw new IllegalArgumentException("batch, model, count, station, from and until are needed");
    }
    return text;
  }

  private static int whole(double count) {
    if (count != Math.rint(count) || Math.abs(count) > Batch.MAX_COUNT) {
      throw new IllegalArgumentException("the count is no whole number of devices");
    }
    return (int) count;
  }

  private static String digest(byte[] signed) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(signed));
    } catch (NoSuchAlgorithmException e) {
      throw new WardgateBug("every Java platform has SHA-256", e);
    }
  }
}

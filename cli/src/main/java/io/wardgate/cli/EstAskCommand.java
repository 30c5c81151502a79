// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.CertificationRequest;
import io.wardgate.ca.EcKeys;
import io.wardgate.ca.Pem;
import io.wardgate.cli.home.NewFile;
import io.wardgate.est.EstClient;
import io.wardgate.exchange.SensorTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command by which a device asks for a certificate. */
abstract class EstAskCommand extends EstClientCommand {

  @Option(
      names = "--csr",
      paramLabel = "FILE",
      description = "The request (PKCS#10, PEM or DER), for a key that was made elsewhere.")
  @Nullable Path csr;

  @Option(
      names = "--new-key",
      paramLabel = "FILE",
      description =
          "Makes a key on P-256 in this new file, mode 0600, and the request beside it in FILE.csr."
              + " If both are there they are used again, so that a lost answer costs nothing.")
  @Nullable Path newKey;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE2",
      description = "A new file for the certificate, in PEM. Nothing is overwritten.")
  Path target = Path.of("");

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description =
          "For how long to ask again while an operator has not decided. Default: not at all.")
  long waitSeconds;

  @Override
  final int work(List<X509Certificate> chain, PrivateKey own, X509Certificate anchor)
      throws IOException, WardgateException {
    if ((csr == null) == (newKey == null)) {
      throw wrong("either --csr or --new-key");
    }
    NewFile.requireNone(target);
    if (!isDue(chain.get(0))) {
      return Outcome.DONE;
    }
    byte[] request = request(chain.get(0));
    Instant end = Wiring.clock().instant().plusSeconds(waitSeconds);
    try (SensorTransport.Link link = link(chain, own, anchor)) {
      EstClient client = EstClient.over(link);
      EstClient.Answer answer = await(ask(client, request));
      while (answer.certificate().isEmpty()) {
        Duration pause = answer.askAgainAfter().orElseThrow();
        if (Wiring.clock().instant().plus(pause).isAfter(end)) {
          throw new WardgateException(
              Reason.ENROLMENT_WAITS, "ask again in " + pause.toSeconds() + " s");
        }
        pause(pause);
        answer = await(ask(client, request));
      }
      X509Certificate given = answer.certificate().get();
      NewFile.write(target, Pem.certificate(given).getBytes(StandardCharsets.US_ASCII));
      out()
          .println(
              done()
                  + " "
                  + given.getSubjectX500Principal().getName()
                  + " until "
                  + given.getNotAfter().toInstant());
    }
    return Outcome.DONE;
  }

  /** Whether there is anything to ask for now; says why not. */
  boolean isDue(X509Certificate current) {
    return true;
  }

  /** Asks with that request. */
  abstract CompletionStage<EstClient.Answer> ask(EstClient client, byte[] request);

  /** What was done, in a word. */
  abstract String done();

  private byte[] request(X509Certificate current) throws IOException, WardgateException {
    if (newKey == null) {
      return Pem.certificationRequest(readUpTo(csr == null ? target : csr, Pem.MAX_BYTES));
    }
    Path beside = newKey.resolveSibling(newKey.getFileName() + ".csr");
    if (!Files.exists(beside)) {
      KeyPair keys = EcKeys.p256(Wiring.random());
      byte[] pem = Pem.privateKey(keys);
      NewFile.write(newKey, pem);
      Arrays.fill(pem, (byte) 0);
      NewFile.write(beside, CertificationRequest.inTheNameOf(current, keys, Wiring.random()));
    }
    return Pem.certificationRequest(readUpTo(beside, Pem.MAX_BYTES));
  }

  private static void pause(Duration time) throws WardgateException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WardgateException(Reason.CLOSED, "interrupted", e);
    }
  }
}

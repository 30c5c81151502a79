// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.ca.CertificationRequest;
import io.wardgate.ca.EcKeys;
import io.wardgate.ca.Pem;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * One device's way from nothing to a credential of its own in a {@link CredentialFolder}.
 *
 * <p>Its secret is made here, written once, and not kept, or was made on the device, which asks by
 * a certification request: the gateway never sees a device's private key, and has a pre-shared key
 * only in its vault. Files first, registration second; see {@link DeviceDesk}. Supports EN 303 645
 * 5.1-1 and 5.4-4.
 */
public final class DeviceIssue {

  /** The files a certificate comes in. */
  public static final List<String> CERTIFICATE_FILES = List.of("cert.pem", "key.pem", "ca.pem");

  /** The files a certificate comes in whose key the device made itself. */
  public static final List<String> REQUESTED_FILES = List.of("cert.pem", "ca.pem");

  /** The file a pre-shared key comes in. */
  public static final List<String> PSK_FILES = List.of(SharedKeyFile.NAME);

  private final DeviceDesk desk;
  private final SecureRandom random;

  /** Issues at {@code desk}, with keys from {@code random}. */
  public DeviceIssue(DeviceDesk desk, SecureRandom random) {
    this.desk = desk;
    this.random = random;
  }

  /**
   * Writes {@code cert.pem}, {@code key.pem} and {@code ca.pem}, then registers the device.
   *
   * @throws WardgateException if it was refused; the folder is then to be closed
   * @throws IOException if something could not be written or the gateway did not confirm
   */
  public void certificate(DeviceId device, Role role, CredentialFolder folder)
      throws IOException, WardgateException {
    KeyPair keys = EcKeys.p256(random);
    try (DeviceDesk.CertificateTicket ticket = desk.certify(device, role, keys.getPublic())) {
      byte[] key = Pem.privateKey(keys);
      folder.write("key.pem", key);
      Arrays.fill(key, (byte) 0);
      hand(ticket, folder);
    }
  }

  /**
   * Writes {@code cert.pem} and {@code ca.pem} for a key the device made, then registers the
   * device.
   *
   * @throws WardgateException {@link io.wardgate.Reason#CSR_IDENTITY_MISMATCH} if the request names
   *     another device, or if it was refused; the folder is then to be closed
   * @throws IOException if something could not be written or the gateway did not confirm
   */
  public void certificate(
      DeviceId device, Role role, CertificationRequest request, CredentialFolder folder)
      throws IOException, WardgateException {
    request.requireNoOtherThan(device);
    try (DeviceDesk.CertificateTicket ticket = desk.certify(device, role, request.key())) {
      hand(ticket, folder);
    }
  }

  private static void hand(DeviceDesk.CertificateTicket ticket, CredentialFolder folder)
      throws IOException, WardgateException {
    folder.write("cert.pem", Pem.certificate(ticket.certificate()).getBytes(US_ASCII));
    folder.write("ca.pem", Pem.certificate(ticket.gatewayCa()).getBytes(US_ASCII));
    register(ticket, folder);
  }

  /**
   * Writes {@code psk.txt}, then registers the device.
   *
   * @throws WardgateException if it was refused; the folder is then to be closed
   * @throws IOException if something could not be written or the gateway did not confirm
   */
  public void preSharedKey(DeviceId device, Role role, CredentialFolder folder)
      throws IOException, WardgateException {
    SharedKeyFile made = SharedKeyFile.generate(device, random);
    PreSharedKey key = made.key();
    try (DeviceDesk.Ticket ticket = desk.share(key, role)) {
      byte[] content = made.content();
      folder.write(SharedKeyFile.NAME, content);
      Arrays.fill(content, (byte) 0);
      register(ticket, folder);
    } finally {
      key.destroy();
    }
  }

  private static void register(DeviceDesk.Ticket ticket, CredentialFolder folder)
      throws IOException, WardgateException {
    folder.makeDurable();
    try {
      ticket.register();
    } catch (IOException e) {
      // It may have been registered: taking its only credential away would lock it out for good.
      folder.keep();
      throw new IOException(
          "the gateway did not confirm; the credential was kept: if the device is refused as not"
              + " registered, remove it and issue again",
          e);
    }
    folder.keep();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.ca.EcKeys;
import io.wardgate.ca.Pem;
import io.wardgate.factory.FactoryLine;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.keys.DurableFile;
import io.wardgate.registry.KeyFingerprint;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;

/**
 * Puts the credentials of a batch into a directory, one directory for each device.
 *
 * <p>A credential is made aside, safe on disk, then its device is registered, then it is renamed to
 * the device's serial. A crash leaves aside what the next run finishes or makes anew; under a
 * device's serial there is never anything that is not registered, or not whole. What was handed
 * over once is not made again. Used by one thread. Supports EN 303 645 5.1-1 and 5.4-4.
 */
public final class FactoryIssue {

  private final FactoryLine line;
  private final Path directory;
  private final SecureRandom random;

  private FactoryIssue(FactoryLine line, Path directory, SecureRandom random) {
    this.line = line;
    this.directory = directory;
    this.random = random;
  }

  /**
   * Prepares {@code directory}, made with mode 0700 if it is not there.
   *
   * @throws IOException if it cannot be made, is open to others than its owner, or lies in the home
   */
  public static FactoryIssue into(
      Path directory, GatewayHome home, FactoryLine line, SecureRandom random) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    if (!Files.exists(absolute)) {
      Files.createDirectories(absolute, PrivateFiles.DIRECTORY);
    }
    if (home.holds(absolute)) {
      throw new IOException("a device's credential is not kept in the gateway home: " + absolute);
    }
    if (PrivateFiles.isOpenToOthers(absolute)) {
      throw new IOException("it is open to others than its owner: " + absolute);
    }
    return new FactoryIssue(line, absolute, random);
  }

  /**
   * Makes key and certificate, and writes {@code key.pem} and {@code cert.pem}.
   *
   * @return whether it was issued now, and not before
   * @throws WardgateException what {@link FactoryLine#certify} says
   * @throws IOException if it cannot be written, or something else has the device's place
   */
  public boolean certificate(DeviceId device) throws IOException, WardgateException {
    return isNew(device)
        && issued(
            device,
            aside -> {
              KeyPair keys = EcKeys.p256(random);
              X509Certificate certificate = line.certify(device, keys.getPublic());
              byte[] key = Pem.privateKey(keys);
              PrivateFiles.create(aside.resolve("key.pem"), key);
              Arrays.fill(key, (byte) 0);
              return written(device, certificate, aside);
            });
  }

  /**
   * Writes {@code cert.pem} for a key that was made on the device.
   *
   * @return as for {@link #certificate(DeviceId)}
   * @throws WardgateException as for {@link #certificate(DeviceId)}
   * @throws IOException as for {@link #certificate(DeviceId)}
   */
  public boolean certificate(DeviceId device, PublicKey key) throws IOException, WardgateException {
    return isNew(device)
        && issued(device, aside -> written(device, line.certify(device, key), aside));
  }

  /**
   * Writes {@code psk.txt}.
   *
   * @return as for {@link #certificate(DeviceId)}
   * @throws WardgateException what {@link FactoryLine#share} says
   * @throws IOException as for {@link #certificate(DeviceId)}
   */
  public boolean preSharedKey(DeviceId device) throws IOException, WardgateException {
    return isNew(device)
        && issued(
            device,
            aside -> {
              SharedKeyFile made = SharedKeyFile.generate(device, random);
              PreSharedKey key = made.key();
              line.share(key);
              byte[] content = made.content();
              PrivateFiles.create(aside.resolve(SharedKeyFile.NAME), content);
              Arrays.fill(content, (byte) 0);
              return () -> {
                line.confirm(key);
                key.destroy();
              };
            });
  }

  private Confirmation written(DeviceId device, X509Certificate certificate, Path aside)
      throws IOException {
    PrivateFiles.create(aside.resolve("cert.pem"), Pem.certificate(certificate).getBytes(US_ASCII));
    return () -> line.confirm(device, certificate);
  }

  /** Makes a credential and writes it aside. */
  @FunctionalInterface
  private interface Making {
    Confirmation in(Path aside) throws IOException, WardgateException;
  }

  /** Registers the device. */
  @FunctionalInterface
  private interface Confirmation {
    void confirm() throws WardgateException;
  }

  /** Also finishes what a crash left between registering and handing over. */
  private boolean isNew(DeviceId device) throws IOException {
    if (!line.isIssued(device)) {
      return true;
    }
    Path aside = aside(device);
    if (Files.isDirectory(aside, LinkOption.NOFOLLOW_LINKS)) {
      if (line.isIssued(device, keyIn(aside))) {
        handOver(device);
      } else {
        // Of a run that ended before it registered; another made the one that counts, elsewhere.
        PrivateFiles.removeTree(aside);
      }
    }
    return false;
  }

  private static KeyFingerprint keyIn(Path aside) throws IOException {
    Path certificate = aside.resolve("cert.pem");
    if (!Files.exists(certificate)) {
      return SharedKeyFile.keyOf(
          PrivateFiles.readUpTo(aside.resolve(SharedKeyFile.NAME), SharedKeyFile.MAX_BYTES));
    }
    try {
      return KeyFingerprint.of(
          Pem.certificates(PrivateFiles.readUpTo(certificate, Pem.MAX_BYTES))
              .get(0)
              .getPublicKey());
    } catch (WardgateException e) {
      throw new IOException("not a certificate of ours: " + certificate, e);
    }
  }

  private boolean issued(DeviceId device, Making making) throws IOException, WardgateException {
    if (Files.exists(place(device), LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(place(device).toString());
    }
    Path aside = aside(device);
    PrivateFiles.removeTree(aside);
    Files.createDirectory(aside, PrivateFiles.DIRECTORY);
    boolean isWhole = false;
    try {
      Confirmation confirmation = making.in(aside);
      DurableFile.forceDirectory(aside);
      DurableFile.forceDirectory(directory);
      isWhole = true;
      // Kept aside if this fails: on the disk the device may be registered all the same.
      confirmation.confirm();
    } finally {
      if (!isWhole) {
        PrivateFiles.removeTree(aside);
      }
    }
    handOver(device);
    return true;
  }

  private void handOver(DeviceId device) throws IOException {
    Files.move(aside(device), place(device), StandardCopyOption.ATOMIC_MOVE);
  }

  private Path place(DeviceId device) {
    return directory.resolve(device.serial());
  }

  private Path aside(DeviceId device) {
    return directory.resolve("." + device.serial() + ".part");
  }
}

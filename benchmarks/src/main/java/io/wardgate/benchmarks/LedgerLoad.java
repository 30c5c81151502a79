// SPDX-License-Identifier: Apache-2.0
package io.wardgate.benchmarks;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.CertificateSerial;
import io.wardgate.registry.IssuedCertificate;
import io.wardgate.registry.IssuedCredential;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;

/** How long a ledger takes to open, and what it takes of the heap. */
final class LedgerLoad {

  private static final char[] UNLOCK = "of this run".toCharArray();
  private static final PrintStream OUT = System.out;

  private LedgerLoad() {}

  /** Makes a ledger of so many devices, each certified and registered. */
  static void prepare(Path folder, int devices) throws IOException, WardgateException {
    SecureRandom random = new SecureRandom();
    StateKeys keys = StateKeys.generate(InstantSource.system(), random);
    keys.storeIn(Pkcs12Vault.create(folder.resolve("keys.p12"), UNLOCK));
    try (LedgerRegistry ledger =
        LedgerRegistry.create(folder, keys, InstantSource.system(), random)) {
      for (int i = 0; i < devices; i++) {
        DeviceId device = DeviceId.of("device-" + i);
        IssuedCredential certificate =
            new IssuedCertificate(
                new KeyFingerprint(hex(random, 32)),
                new CertificateSerial("0123456789abcdef", "7" + hex(random, 19)));
        ledger.certified(device, certificate);
        ledger.register(
            new Registration(device, Role.INFUSION_PUMP, Instant.EPOCH).with(certificate));
      }
    }
  }

  private static String hex(SecureRandom random, int bytes) {
    byte[] drawn = new byte[bytes];
    random.nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }

  static void load(Path folder) throws IOException, WardgateException {
    SecureRandom random = new SecureRandom();
    Pkcs12Vault vault = Pkcs12Vault.open(folder.resolve("keys.p12"), UNLOCK);
    StateKeys keys = StateKeys.in(vault, random).orElseThrow();
    long before = usedAfterCollection();
    long begun = System.nanoTime();
    try (LedgerRegistry ledger =
        LedgerRegistry.open(folder, keys, InstantSource.system(), random)) {
      long millis = (System.nanoTime() - begun) / 1_000_000;
      long megabytes = (usedAfterCollection() - before) >> 20;
      OUT.printf(
          "ledger: %d devices loaded in %d ms, %d MiB of heap, %d MiB on disk%n",
          ledger.all().size(), millis, megabytes, ledger.report().bytes() >> 20);
    }
  }

  private static long usedAfterCollection() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.fixtures.KeyStretching;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.registry.Cause;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A process made to be killed: registers devices, revokes every third, records events, and prints
 * what it was told is durable: {@code registered ID}, {@code revoked ID}, {@code recorded N}.
 */
final class StateVictim {

  static final char[] UNLOCK = "a secret of this test".toCharArray();

  private StateVictim() {}

  /**
   * Works on a state; the arguments are the directory it and its vault are in, what the devices'
   * ids begin with, and how many to register before it ends.
   */
  public static void main(String[] arguments) throws IOException, WardgateException {
    Path folder = Path.of(arguments[0]);
    String name = arguments[1];
    int devices = Integer.parseInt(arguments[2]);
    InstantSource clock = InstantSource.system();
    PrintStream out = System.out;
    Pkcs12Vault vault = Pkcs12Vault.open(folder.resolve("keys.p12"), UNLOCK);
    KeyStretching.off();
    out.println("ready");
    try (StateFolder state =
        StateFolder.open(folder.resolve("state"), vault, clock, new SecureRandom())) {
      for (int i = 0; i < devices; i++) {
        DeviceId device = DeviceId.of(name + "-" + i);
        state.ledger().register(new Registration(device, Role.INFUSION_PUMP, Instant.EPOCH));
        out.println("registered " + device);
        if (i % 3 == 0) {
          state.ledger().revoke(device, Cause.LOST);
          out.println("revoked " + device);
        }
        SecurityEvent event =
            SecurityEvent.info(clock.instant(), SecurityEvent.DEVICE_REGISTERED, device, "victim");
        state.trail().record(event).toCompletableFuture().join();
        out.println("recorded " + device);
      }
    }
    out.println("done");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.WardgateException;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.registry.DeviceRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * What a gateway must not forget: today its device registry. Nothing is opened before the gateway
 * starts.
 */
public final class GatewayState {

  private final Source source;

  private GatewayState(Source source) {
    this.source = source;
  }

  /**
   * State under {@code directory}, sealed with keys in {@code vault}, which get there when the
   * gateway first starts. The gateway closes it. A state that is older than what it once
   * acknowledged, damaged or a copy is served from, and issues nothing until somebody accepts it.
   *
   * @param directory exists, has mode 0700 and one owner process
   */
  public static GatewayState at(Path directory, Pkcs12Vault vault) {
    return new GatewayState(
        (clock, random) -> {
          StateFolder folder = StateFolder.open(directory, vault, clock, random);
          return new Opened(folder.ledger(), folder::close);
        });
  }

  /**
   * A registry the application opened itself, for example shared with its control interface, and
   * closes itself.
   */
  public static GatewayState with(DeviceRegistry registry) {
    return new GatewayState((clock, random) -> new Opened(registry, () -> {}));
  }

  Opened open(InstantSource clock, SecureRandom random) throws WardgateException {
    return source.open(clock, random);
  }

  /**
   * State while a gateway runs.
   *
   * @param registry its devices
   * @param closing ends it
   */
  record Opened(DeviceRegistry registry, Runnable closing) {}

  @FunctionalInterface
  private interface Source {
    Opened open(InstantSource clock, SecureRandom random) throws WardgateException;
  }
}

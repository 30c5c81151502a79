// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.GatewayConfig;
import io.wardgate.cli.home.GatewayHome;
import io.wardgate.cli.home.OpenHome;
import java.io.IOException;

/** A command of a station that is set up as one, while no gateway runs in its home. */
abstract class FactoryStationCommand extends HomeCommand {

  @Override
  public final Integer call() throws IOException, WardgateException {
    GatewayHome home = home();
    GatewayConfig.Factory factory =
        GatewayConfig.of(home)
            .factory()
            .orElseThrow(
                () ->
                    new IOException(
                        "no [factory] in "
                            + home.configuration()
                            + ": it needs a station and an authoriser"));
    try (OpenHome open = OpenHome.open(home, unlock.source(), Wiring.clock(), Wiring.random())) {
      return work(home, open, factory);
    }
  }

  /** Does it, and says how it ended. */
  abstract int work(GatewayHome home, OpenHome open, GatewayConfig.Factory factory)
      throws IOException, WardgateException;
}

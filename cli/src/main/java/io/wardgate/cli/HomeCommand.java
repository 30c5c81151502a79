// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.GatewayHome;
import io.wardgate.cli.home.HomeState;
import io.wardgate.registry.LedgerView;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command on the state of a home: all of them need its unlock secret. */
abstract class HomeCommand extends SpokenCommand {

  @Option(names = "--home", required = true, paramLabel = "DIR", description = "The gateway home.")
  Path directory = Path.of("");

  @Mixin UnlockOptions unlock = new UnlockOptions();

  final GatewayHome home() throws IOException, WardgateException {
    return GatewayHome.at(directory);
  }

  /** The home's state as of now, read beside whoever works in it. */
  final HomeState state() throws IOException, WardgateException {
    return HomeState.of(home(), unlock.source(), Wiring.clock(), Wiring.random());
  }

  /** What an unsound ledger says of a device may have changed in what is lost, or be old. */
  final void warnIfUnsound(LedgerView ledger) {
    ledger
        .report()
        .standing()
        .reason()
        .ifPresent(
            reason ->
                err()
                    .println(
                        "wardgate: "
                            + reason.code()
                            + ": what became of a device since may be missing; see wardgate ledger"
                            + " verify --help"));
  }

  final DeviceId device(String id) {
    try {
      return DeviceId.parse(id);
    } catch (IllegalArgumentException e) {
      throw wrong("--id is a device's serial, or namespace/serial");
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.GatewayHome;
import io.wardgate.cli.home.HomeState;
import io.wardgate.registry.LedgerView;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command on the state of a home: all of them need its unlock secret. */
abstract class HomeCommand implements Callable<Integer> {

  @Spec @Nullable CommandSpec spec;

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

  final ParameterException wrong(String message) {
    return new ParameterException(here().commandLine(), message);
  }

  final PrintWriter out() {
    return here().commandLine().getOut();
  }

  final PrintWriter err() {
    return here().commandLine().getErr();
  }

  private CommandSpec here() {
    if (spec == null) {
      throw new IllegalStateException("used outside a command line");
    }
    return spec;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.ca.HostName;
import io.wardgate.cli.home.NewHome;
import io.wardgate.cli.home.UnlockSecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wardgate init DIR}: a gateway home with keys of its own. */
@Command(
    name = "init",
    description = "Makes a gateway home: two authorities, the gateway's key, a configuration.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class InitCommand extends SpokenCommand {

  @Parameters(paramLabel = "DIR", description = "Not there yet, or empty; not inside another home.")
  Path directory = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "A DNS name or IP address devices reach the gateway by; may be given again. Default:"
              + " localhost, 127.0.0.1, ::1 and this host's name.")
  List<String> names = new ArrayList<>();

  @Mixin UnlockOptions unlock = new UnlockOptions();

  @Override
  public Integer call() throws IOException, WardgateException {
    NewHome homes = new NewHome(Wiring.clock(), Wiring.random());
    UnlockSecret secret =
        homes.make(directory, names.isEmpty() ? ownNames() : given(), unlock.source());
    out().println("home " + directory.toAbsolutePath().normalize());
    out()
        .println(
            "unlock secret "
                + secret.place()
                + (secret.isNew()
                    ? " (new; mode 0600; keep it apart from the home)"
                    : " (was there)"));
    return Outcome.DONE;
  }

  private List<HostName> given() {
    Set<HostName> hosts = new LinkedHashSet<>();
    for (String name : names) {
      try {
        hosts.add(new HostName(name));
      } catch (IllegalArgumentException e) {
        throw wrong("--name is a DNS name or an IP address");
      }
    }
    return List.copyOf(hosts);
  }

  private static List<HostName> ownNames() {
    Set<HostName> hosts = new LinkedHashSet<>();
    hosts.add(new HostName("localhost"));
    hosts.add(new HostName("127.0.0.1"));
    hosts.add(new HostName("::1"));
    try {
      hosts.add(new HostName(InetAddress.getLocalHost().getHostName()));
    } catch (UnknownHostException | IllegalArgumentException e) {
      // A host without a usable name is reached by the others, or by --name.
      return List.copyOf(hosts);
    }
    return List.copyOf(hosts);
  }
}

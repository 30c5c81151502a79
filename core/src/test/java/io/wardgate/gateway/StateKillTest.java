// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.audit.AuditFormat;
import io.wardgate.audit.AuditTrail;
import io.wardgate.fixtures.Campaign;
import io.wardgate.fixtures.ChildJvm;
import io.wardgate.fixtures.KeyStretching;
import io.wardgate.fixtures.Provision;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.DeviceState;
import io.wardgate.registry.LedgerView;
import io.wardgate.registry.Registration;
import io.wardgate.state.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that holds the state is killed: no device and no revocation is forgotten. */
@Tag("long")
class StateKillTest {

  /** A victim dies before it has registered all of them. */
  private static final int DEVICES = 1000;

  /** Rounds on one state; then a new one, so that being made is killed too. */
  private static final int ROUNDS_EACH = 5;

  @TempDir private Path folder;

  @Test
  @Provision("5.9-1")
  void kill9ForgetsNoDeviceNoRevocationAndNoEvent() throws Exception {
    Random random = new Random(4711);
    int rounds = Campaign.rounds(10, 500);
    long all = 0;
    List<String> said = new ArrayList<>();
    Path home = folder;
    for (int round = 0; round < rounds; round++) {
      if (round % ROUNDS_EACH == 0) {
        said.clear();
        home = Files.createDirectory(folder.resolve("home" + round));
        Files.createDirectory(home.resolve("state"));
        KeyStretching.off();
        Pkcs12Vault.create(home.resolve("keys.p12"), StateVictim.UNLOCK);
        KeyStretching.on();
      }
      // Also at once: in the middle of opening, or of being made.
      List<String> fresh = killAfter(home, random.nextInt(60), "d" + round);
      all += fresh.size();
      said.addAll(fresh);
      requireAll(home, said);
    }
    Campaign.tell(
        "ledger and audit trail, kill -9: rounds=%d told=%d lost=0".formatted(rounds, all));
  }

  private static List<String> killAfter(Path home, int lines, String name) throws IOException {
    List<String> said =
        ChildJvm.killedAfter(
            lines + 1,
            ChildJvm.command(StateVictim.class, home.toString(), name, Integer.toString(DEVICES)));
    said.removeIf(line -> line.startsWith("SLF4J"));
    assertThat(said).as("it was at work").startsWith("ready").doesNotContain("done");
    return said;
  }

  private static void requireAll(Path home, List<String> said) throws Exception {
    Path state = home.resolve("state");
    SecureRandom random = new SecureRandom();
    Pkcs12Vault vault = Pkcs12Vault.open(home.resolve("keys.p12"), StateVictim.UNLOCK);
    StateKeys keys = StateKeys.in(vault, random).orElse(null);
    if (keys == null) {
      assertThat(said).as("killed before there was a state").containsOnly("ready");
      return;
    }
    LedgerView ledger = LedgerView.of(state, keys, InstantSource.system(), random);
    StringBuilder trail = new StringBuilder();
    Standing audit =
        AuditTrail.export(
                state, keys, InstantSource.system(), random, AuditFormat.JSON_LINES, trail)
            .standing();
    assertThat(ledger.report().standing()).as("%s", ledger.report()).isEqualTo(Standing.SOUND);
    assertThat(audit).isEqualTo(Standing.SOUND);
    for (String line : said) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "registered" -> assertThat(find(ledger, words[1])).isNotNull();
        case "revoked" -> assertThat(find(ledger, words[1]).state()).isEqualTo(DeviceState.REVOKED);
        case "recorded" -> assertThat(trail).contains('"' + words[1] + '"');
        default -> assertThat(line).isEqualTo("ready");
      }
    }
  }

  private static Registration find(LedgerView ledger, String serial) {
    return ledger.find(DeviceId.of(serial)).orElseThrow();
  }
}

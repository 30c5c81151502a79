// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.fixtures.ChildJvm;
import io.wardgate.fixtures.NeedsPeer;
import io.wardgate.fixtures.Peer;
import io.wardgate.fixtures.Provision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that never leave a token work on both ends, and a token that stops signing is told. */
@NeedsPeer({"softhsm2-util", "coap-client-openssl", "coap-client-gnutls", "coap-server-openssl"})
class TokenTest {

  @TempDir Path folder;

  @Test
  @Provision("5.4-1")
  @Provision("5.4-2")
  void keysOnATokenProveBothEndsAndNothingElseDoes() throws Exception {
    Path own = SoftToken.make(folder);
    List<String> command = new ArrayList<>(List.of(SoftToken.ENVIRONMENT + "=" + own));
    command.addAll(ChildJvm.command(TokenScenario.class, folder.toString()));

    Peer.Outcome outcome =
        Peer.of("env", command.toArray(new String[0])).run(Duration.ofMinutes(2));

    assertThat(outcome.stdout().lines().filter(line -> line.contains(": ")))
        .as(outcome.output())
        .contains(
            "wrong pin: token-pin-wrong",
            "no token: token-unavailable",
            "key of a stranger: token-key-missing",
            "extractable: false",
            "before installing: token-unavailable",
            "sensor on token: 2.04",
            "sensor in software: 2.04",
            "coap-client-openssl: 2.04",
            "coap-client-gnutls: 2.04",
            "coap-server-openssl: 2.05",
            "degraded: false",
            "degraded: true",
            "answered: false");
  }
}

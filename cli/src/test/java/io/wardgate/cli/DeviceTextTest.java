// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.registry.Cause;
import io.wardgate.registry.CertificateSerial;
import io.wardgate.registry.DeviceState;
import io.wardgate.registry.IssuedCertificate;
import io.wardgate.registry.IssuedPreSharedKey;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.LedgerView.Change;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import io.wardgate.registry.SecretFingerprint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeviceTextTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final String KEY = "0123456789abcdef".repeat(4);
  private static final Registration PUMP =
      new Registration(new DeviceId("acme", "pump-1"), Role.INFUSION_PUMP, NOW)
          .with(
              new IssuedCertificate(
                  new KeyFingerprint(KEY), new CertificateSerial("00ac1bc5dae4cc87", "a7")))
          .in(DeviceState.SUSPENDED);
  private static final List<Change> HISTORY =
      List.of(
          new Change(4, NOW, "registered", Optional.empty()),
          new Change(9, NOW, "suspended", Optional.of(Cause.MAINTENANCE)));

  @Test
  void aLineTellsADeviceByItsKeysBeginning() {
    assertThat(DeviceText.line(PUMP))
        .isEqualTo("acme/pump-1 infusion-pump suspended 2026-11-23T12:00:00Z 0123456789abcdef");
    assertThat(DeviceText.line(new Registration(DeviceId.of("tag-1"), Role.ASSET_TAG, NOW)))
        .isEqualTo("tag-1 asset-tag issued 2026-11-23T12:00:00Z -");
  }

  @Test
  void theDetailsTellEveryCredentialAndChange() {
    assertThat(DeviceText.lines(PUMP, HISTORY))
        .containsExactly(
            "device acme/pump-1",
            "role infusion-pump",
            "state suspended",
            "since 2026-11-23T12:00:00Z",
            "credential certificate " + KEY + " serial a7",
            "entry 4 2026-11-23T12:00:00Z registered",
            "entry 9 2026-11-23T12:00:00Z suspended maintenance");
  }

  @Test
  void jsonHoldsTheSame() {
    assertThat(DeviceText.json(PUMP))
        .isEqualTo(
            "{\"device\":\"acme/pump-1\",\"role\":\"infusion-pump\",\"state\":\"suspended\","
                + "\"since\":\"2026-11-23T12:00:00Z\",\"credentials\":[{\"kind\":\"certificate\","
                + "\"key\":\""
                + KEY
                + "\",\"issuer\":\"00ac1bc5dae4cc87\",\"serial\":\"a7\"}]}");
    assertThat(DeviceText.json(PUMP, HISTORY))
        .endsWith(
            ",\"history\":[{\"sequence\":4,\"time\":\"2026-11-23T12:00:00Z\","
                + "\"entry\":\"registered\",\"cause\":null},{\"sequence\":9,"
                + "\"time\":\"2026-11-23T12:00:00Z\",\"entry\":\"suspended\","
                + "\"cause\":\"maintenance\"}]}");
  }

  @Test
  void thePrintOfASharedSecretIsNotShown() {
    Registration tag =
        new Registration(DeviceId.of("tag-1"), Role.ASSET_TAG, NOW)
            .with(
                new IssuedPreSharedKey(
                    new KeyFingerprint(KEY), new SecretFingerprint("f".repeat(64))));

    assertThat(DeviceText.json(tag) + DeviceText.lines(tag, List.of()))
        .contains("pre-shared-key")
        .doesNotContain("fff");
  }
}

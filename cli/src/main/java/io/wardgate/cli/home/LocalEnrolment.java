// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.est.EstServer;
import io.wardgate.est.WaitingDevice;
import io.wardgate.registry.Invitation;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Role;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The {@link EnrolmentDesk} of the process that holds the home. Thread-safe. */
final class LocalEnrolment implements EnrolmentDesk {

  private final LedgerRegistry ledger;
  private final Optional<EstServer> server;
  private final Consumer<SecurityEvent> events;
  private final InstantSource clock;

  /**
   * A desk.
   *
   * @param server where devices wait, if a gateway runs here and enrols any
   */
  LocalEnrolment(
      LedgerRegistry ledger,
      Optional<EstServer> server,
      Consumer<SecurityEvent> events,
      InstantSource clock) {
    this.ledger = ledger;
    this.server = server;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public void invite(Invitation invitation) throws WardgateException {
    ledger.invite(invitation);
    tell(SecurityEvent.DEVICE_INVITED, invitation.device());
  }

  @Override
  public KeyFingerprint approve(DeviceId device, Role role, Instant until)
      throws WardgateException {
    Invitation invitation =
        server
            .orElseThrow(
                () -> new WardgateException(Reason.ENROLMENT_UNKNOWN, "no gateway enrols here"))
            .approve(device, role, until);
    tell(SecurityEvent.DEVICE_INVITED, device);
    return invitation.key().orElseThrow();
  }

  @Override
  public void deny(DeviceId device) throws WardgateException {
    if (server.isPresent()) {
      server.get().deny(device);
    } else {
      var unused = ledger.uninvite(device);
    }
    tell(SecurityEvent.DEVICE_UNINVITED, device);
  }

  @Override
  public List<WaitingDevice> waiting() {
    return server.map(EstServer::waiting).orElse(List.of());
  }

  private void tell(String kind, DeviceId device) {
    events.accept(SecurityEvent.info(clock.instant(), kind, device, "local"));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.AuditTrail;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.exchange.SavedSessions;
import io.wardgate.identity.Revocations;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.registry.DeviceRegistry;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.state.StateReport;
import io.wardgate.time.TimeFloor;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a gateway must not forget: its devices, and what happened that matters to security. Nothing
 * is opened before the gateway starts.
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
          return new Opened(
              folder.ledger(),
              Optional.of(folder.trail()),
              folder.revocations(),
              folder.timeFloor(),
              folder.sessions(),
              folder::close);
        });
  }

  /**
   * A registry the application opened itself, for example shared with its control interface, and
   * closes itself. Without {@link #auditedBy} security events are told and not kept; without {@link
   * #revokedBy} revocations are forgotten, without {@link #resumedFrom} sessions end with the
   * process.
   */
  public static GatewayState with(DeviceRegistry registry) {
    Revocations revocations = Revocations.inMemory();
    TimeFloor floor = TimeFloor.inMemory();
    SavedSessions sessions = SavedSessions.inMemory();
    return new GatewayState(
        (clock, random) ->
            new Opened(registry, Optional.empty(), revocations, floor, sessions, () -> {}));
  }

  /**
   * The same, with security events kept in {@code trail}, which the application closes itself,
   * after the gateway.
   */
  public GatewayState auditedBy(AuditTrail trail) {
    return new GatewayState(
        (clock, random) -> {
          Opened opened = source.open(clock, random);
          return new Opened(
              opened.registry(),
              Optional.of(trail),
              opened.revocations(),
              opened.timeFloor(),
              opened.sessions(),
              opened.closing());
        });
  }

  /** The same, with revocations the application keeps itself. */
  public GatewayState revokedBy(Revocations revocations) {
    return new GatewayState(
        (clock, random) -> {
          Opened opened = source.open(clock, random);
          return new Opened(
              opened.registry(),
              opened.trail(),
              revocations,
              opened.timeFloor(),
              opened.sessions(),
              opened.closing());
        });
  }

  /** The same, with a place of the application's own for the latest time that was believed. */
  public GatewayState timedBy(TimeFloor floor) {
    return new GatewayState(
        (clock, random) -> {
          Opened opened = source.open(clock, random);
          return new Opened(
              opened.registry(),
              opened.trail(),
              opened.revocations(),
              floor,
              opened.sessions(),
              opened.closing());
        });
  }

  /**
   * The same, with a place of the application's own for what lets devices go on after a restart.
   */
  public GatewayState resumedFrom(SavedSessions sessions) {
    return new GatewayState(
        (clock, random) -> {
          Opened opened = source.open(clock, random);
          return new Opened(
              opened.registry(),
              opened.trail(),
              opened.revocations(),
              opened.timeFloor(),
              sessions,
              opened.closing());
        });
  }

  Opened open(InstantSource clock, SecureRandom random) throws WardgateException {
    return source.open(clock, random);
  }

  /**
   * State while a gateway runs.
   *
   * @param registry its devices
   * @param trail where security events are kept, if they are
   * @param revocations which certificates and keys are revoked
   * @param timeFloor how late it was at least
   * @param sessions what lets devices go on after a restart
   * @param closing ends it
   */
  record Opened(
      DeviceRegistry registry,
      Optional<AuditTrail> trail,
      Revocations revocations,
      TimeFloor timeFloor,
      SavedSessions sessions,
      Runnable closing) {

    void record(SecurityEvent event) {
      // A failure is counted and logged by the trail: serving goes on.
      trail.ifPresent(open -> open.record(event));
    }

    /** An alert for each part of the state that is not what was written. */
    List<SecurityEvent> findings(Instant now) {
      List<SecurityEvent> findings = new ArrayList<>();
      if (registry instanceof LedgerRegistry ledger) {
        finding("ledger", ledger.report(), now).ifPresent(findings::add);
      }
      trail.flatMap(open -> finding("audit", open.report(), now)).ifPresent(findings::add);
      revocations
          .standing()
          .reason()
          .map(reason -> SecurityEvent.alert(now, kindOf(reason), "revocations", reason))
          .ifPresent(findings::add);
      if (sessions instanceof SessionFiles files) {
        files
            .refusal()
            .map(reason -> SecurityEvent.alert(now, kindOf(reason), "connections", reason))
            .ifPresent(findings::add);
      }
      return findings;
    }

    private static String kindOf(Reason reason) {
      return switch (reason) {
        case STATE_COPIED -> SecurityEvent.STATE_COPIED;
        case STATE_ROLLED_BACK -> SecurityEvent.STATE_ROLLED_BACK;
        default -> SecurityEvent.STATE_DAMAGED;
      };
    }

    private static Optional<SecurityEvent> finding(String part, StateReport report, Instant now) {
      String losses =
          report.losses().isEmpty()
              ? ""
              : ", losses " + report.losses().size() + ", first: " + report.losses().get(0);
      return switch (report.standing()) {
        case SOUND -> Optional.empty();
        case DAMAGED -> alert(now, SecurityEvent.STATE_DAMAGED, part + losses, report);
        case ROLLED_BACK -> alert(now, SecurityEvent.STATE_ROLLED_BACK, part + losses, report);
        case COPIED -> alert(now, SecurityEvent.STATE_COPIED, part, report);
      };
    }

    private static Optional<SecurityEvent> alert(
        Instant now, String kind, String source, StateReport report) {
      return report
          .standing()
          .reason()
          .map(reason -> SecurityEvent.alert(now, kind, source, reason));
    }
  }

  @FunctionalInterface
  private interface Source {
    Opened open(InstantSource clock, SecureRandom random) throws WardgateException;
  }
}

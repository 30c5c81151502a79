// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.access.AccessPolicy;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.est.Est;
import io.wardgate.est.EstServer;
import io.wardgate.exchange.Resource;
import io.wardgate.exchange.Transport;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.reading.Uplink;
import io.wardgate.time.TrustedClock;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the stages' values; the only place that reaches for the system's clock and randomness.
 */
final class GatewayBuilder
    implements Gateway.IdentityStage,
        Gateway.TrustStage,
        Gateway.AccessStage,
        Gateway.StateStage,
        Gateway.TransportStage,
        Gateway.Options {

  private @Nullable GatewayIdentity identity;
  private @Nullable DeviceTrust trust;
  private @Nullable AccessPolicy access;
  private @Nullable GatewayState state;
  private @Nullable Transport transport;
  private @Nullable Uplink uplink;
  private @Nullable Est est;
  private final Map<String, Resource> resources = new LinkedHashMap<>();
  private Consumer<SecurityEvent> listener = event -> {};
  private Limits limits = Limits.DEFAULT;
  private InstantSource clock = InstantSource.system();
  private @Nullable TrustedClock trustedClock;
  private SecureRandom random = new SecureRandom();

  @Override
  public Gateway.TrustStage identity(GatewayIdentity value) {
    identity = Objects.requireNonNull(value);
    return this;
  }

  @Override
  public Gateway.AccessStage trust(DeviceTrust value) {
    trust = Objects.requireNonNull(value);
    return this;
  }

  @Override
  public Gateway.StateStage access(AccessPolicy value) {
    access = Objects.requireNonNull(value);
    return this;
  }

  @Override
  public Gateway.TransportStage state(GatewayState value) {
    state = Objects.requireNonNull(value);
    return this;
  }

  @Override
  public Gateway.Options transport(Transport value) {
    transport = Objects.requireNonNull(value);
    return this;
  }

  @Override
  public Gateway.Options readings(Uplink value) {
    uplink = Objects.requireNonNull(value);
    return this;
  }

  @Override
  public Gateway.Options enrolment(Est value) {
    est = Objects.requireNonNull(value);
    return this;
  }

  @Override
  public Gateway.Options resource(Resource resource) {
    boolean ours =
        resource.path().equals(READINGS_PATH)
            || resource.path().equals(Discovery.PATH)
            || resource.path().startsWith(EstServer.BASE);
    if (ours || resources.putIfAbsent(resource.path(), resource) != null) {
      throw new IllegalArgumentException("the path is taken: " + resource.path());
    }
    return this;
  }

  @Override
  public Gateway.Options onSecurityEvent(Consumer<SecurityEvent> value) {
    listener = Objects.requireNonNull(value);
    return this;
  }

  @Override
  public Gateway.Options limits(Limits value) {
    limits = Objects.requireNonNull(value);
    return this;
  }

  @Override
  public Gateway.Options clock(InstantSource value) {
    clock = Objects.requireNonNull(value);
    return this;
  }

  @Override
  public Gateway.Options clock(TrustedClock value) {
    trustedClock = Objects.requireNonNull(value);
    return this;
  }

  @Override
  public Gateway.Options random(SecureRandom value) {
    random = Objects.requireNonNull(value);
    return this;
  }

  @Override
  public Gateway build() {
    if (Objects.requireNonNull(trust).vouchesFor(Objects.requireNonNull(identity))) {
      throw new IllegalArgumentException(
          "the gateway's own authority must not be trusted for devices too");
    }
    if (est != null && !trust.isAnchoredAt(est.authority())) {
      throw new IllegalArgumentException(
          "who is enrolled here would not get in: its authority is no anchor");
    }
    return new Gateway(
        new GatewayWiring(
            Objects.requireNonNull(identity),
            Objects.requireNonNull(trust),
            Objects.requireNonNull(access),
            Objects.requireNonNull(state),
            Objects.requireNonNull(transport),
            uplink,
            est,
            resources.values(),
            listener,
            limits,
            clock,
            trustedClock,
            random));
  }
}

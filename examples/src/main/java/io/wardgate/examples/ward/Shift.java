// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.access.AccessPolicy;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Resource;
import io.wardgate.gateway.Gateway;
import io.wardgate.gateway.GatewayState;
import io.wardgate.keys.StateKeys;
import io.wardgate.reading.FileUplink;
import io.wardgate.reading.Reading;
import io.wardgate.reading.ReadingHandler;
import io.wardgate.reading.SenmlFormat;
import io.wardgate.registry.DeviceRegistry;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import io.wardgate.transport.DtlsTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One run of the ward, from the gateway's start to the verdict. */
final class Shift {

  /** Twice what a client waits before it begins anew, and the handshake after that. */
  private static final Duration LONGEST_DRAIN = Duration.ofSeconds(50);

  private static final long PAUSE_MILLIS = 100;

  private final WardOptions options;
  private final Screen screen;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Credentials credentials;
  private final EventLog events = new EventLog();
  private final Board board = new Board(ZoneId.systemDefault());

  Shift(WardOptions options, Screen screen, InstantSource clock, SecureRandom random) {
    this.options = options;
    this.screen = screen;
    this.clock = clock;
    this.random = random;
    this.credentials = new Credentials(clock, random);
  }

  /**
   * Runs it.
   *
   * @throws WardgateException if the gateway cannot be started
   * @throws IOException if a temporary file or a local socket cannot be had
   */
  Verdict run() throws WardgateException, IOException, InterruptedException {
    screen.say("ward: a gateway, eight simulated sensors and four intruders, all on loopback");
    screen.say(
        "ward: keys are made for this run and kept in memory; the temporary directory is deleted at"
            + " the end");
    screen.say("ward: faster than the clock: " + Post.timeLapse());
    try (Scratch scratch = Scratch.create();
        LedgerRegistry registry =
            LedgerRegistry.create(
                scratch.directory(), StateKeys.generate(clock, random), clock, random)) {
      Path readings = scratch.directory().resolve("readings.jsonl");
      Arrivals arrivals = new Arrivals(credentials, clock, random, screen);
      arrivals.expect(registry);
      register(registry);
      LatestReadings uplink = new LatestReadings(FileUplink.open(readings));
      List<Measured> measured;
      List<Attempt> attempts;
      try (Gateway gateway = gateway(registry, uplink)) {
        gateway.start();
        Map<DeviceId, Credentials.Held> enrolled = arrivals.come(gateway.address());
        try (Journey journey = new Journey(gateway.address(), options.span());
            Floor floor =
                Floor.open(
                    credentials,
                    enrolled,
                    gateway.address(),
                    journey.address(),
                    options.seed(),
                    clock);
            Intruders intruders =
                new Intruders(
                    credentials, DtlsTransport.to(gateway.address()), events, options.span())) {
          live(gateway, uplink, journey, floor, intruders);
          measured = floor.measured();
          attempts = intruders.attempts();
        }
      }
      return Judge.judge(Post.ALL, measured, Measured.in(readings), attempts);
    }
  }

  private void live(
      Gateway gateway, LatestReadings uplink, Journey journey, Floor floor, Intruders intruders)
      throws WardgateException, InterruptedException {
    Duration span = options.span();
    boolean over = false;
    while (!over) {
      Instant now = clock.instant();
      Duration elapsed = Duration.between(floor.start(), now);
      boolean measuring = elapsed.compareTo(span) < 0;
      journey.goOn(elapsed);
      // Exactly the span in the end, so that a seed gives the same readings every time.
      floor.liveUntil(measuring ? elapsed : span);
      intruders.goOn(elapsed, now);
      over =
          (!measuring && floor.isQuiet() && intruders.ended())
              || elapsed.compareTo(span.plus(LONGEST_DRAIN)) > 0;
      if (over || screen.isDue(elapsed)) {
        String title = title(gateway, journey, elapsed);
        List<Board.Row> rows = floor.sensors().stream().map(s -> row(s, uplink, now)).toList();
        screen.show(board.lines(title, rows, events.last(8), intruders.begun()), elapsed);
      }
      if (!over) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
    floor.sensors().stream()
        .filter(sensor -> sensor.post().isAway())
        .forEach(
            sensor ->
                screen.say(
                    "ward: %s lost its link for %s and came back from another address; sessions=%d"
                        .formatted(
                            sensor.post().device(),
                            Board.seconds(journey.loss()),
                            events.sessionsOf(sensor.post().device()))));
  }

  private String title(Gateway gateway, Journey journey, Duration elapsed) {
    Duration span = options.span();
    return "wardgate ward   %d of %d s   coaps://%s:%d   sessions %d   ambulance link %s"
        .formatted(
            Math.min(elapsed.toSeconds(), span.toSeconds()),
            span.toSeconds(),
            gateway.address().getAddress().getHostAddress(),
            gateway.address().getPort(),
            gateway.metrics().sessions(),
            journey.link().label());
  }

  private Board.Row row(WardSensor sensor, LatestReadings uplink, Instant now) {
    Post post = sensor.post();
    Map<String, Reading> latest = uplink.of(post.device());
    LastValues values = new LastValues(latest);
    Optional<Duration> age =
        latest.values().stream()
            .map(Reading::time)
            .max(Instant::compareTo)
            .map(newest -> Duration.between(newest, now));
    return new Board.Row(
        post.device(),
        post.role().name(),
        post.preShared() ? "PSK" : "X.509",
        values.phrases(),
        values.extras(),
        age,
        events.sessionsOf(post.device()),
        sensor.acknowledged());
  }

  private Gateway gateway(DeviceRegistry registry, LatestReadings uplink) throws WardgateException {
    AccessPolicy access =
        AccessPolicy.denyAll().allow(Role.INFUSION_PUMP, Method.POST, DeliveryReports.PATH);
    for (Role role : Role.OF_THE_WARD) {
      access = access.allow(role, Method.POST, Gateway.Options.READINGS_PATH);
    }
    return Gateway.builder()
        .identity(credentials.gateway())
        .trust(credentials.trust())
        .access(access)
        .state(GatewayState.with(registry))
        .transport(
            DtlsTransport.on(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port())))
        .enrolment(credentials.est())
        .readings(uplink)
        .resource(
            Resource.at(
                    DeliveryReports.PATH,
                    ReadingHandler.into(uplink, clock, System::nanoTime, random))
                .accepting(SenmlFormat.SENML_CBOR.contentFormat()))
        .onSecurityEvent(events::add)
        .build();
  }

  private void register(DeviceRegistry registry) throws WardgateException {
    Instant now = clock.instant();
    for (Post post : Post.ALL) {
      if (post.preShared()) {
        registry.register(new Registration(post.device(), post.role(), now));
      }
    }
    registry.register(new Registration(Intruders.TURNED, Role.GLUCOSE_SENSOR, now));
  }
}

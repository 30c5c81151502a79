// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.gateway.Gateway;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The four intruders, one after the other, in the second half of a run. */
final class Intruders implements AutoCloseable {

  /** A registered device of the ward that does what its role may not. */
  static final DeviceId TURNED = DeviceId.of("glucose-66");

  private static final DeviceId PUMP = DeviceId.of("pump-01");

  private final SensorTransport transport;
  private final EventLog events;
  private final Duration span;
  private final List<Intruder> all;
  private int current;

  Intruders(Credentials credentials, SensorTransport transport, EventLog events, Duration span)
      throws WardgateException {
    this.transport = transport;
    this.events = events;
    this.span = span;
    this.all =
        List.of(
            stranger("no credential", 1, credentials.nothing(), Reason.NO_CREDENTIAL),
            stranger("another CA", 2, credentials.fromElsewhere(PUMP), Reason.UNKNOWN_AUTHORITY),
            stranger(
                "expired certificate", 3, credentials.expired(PUMP), Reason.CERTIFICATE_EXPIRED),
            new Intruder(
                "glucose sensor as pump",
                marker(4),
                credentials.certificate(TURNED),
                Optional.of(TURNED),
                DeliveryReports.PATH,
                Reason.ROLE_NOT_ALLOWED));
  }

  /** Begins the next one when it is due and the one before has ended. */
  void goOn(Duration elapsed, Instant now) throws WardgateException {
    if (current == all.size()) {
      return;
    }
    Intruder intruder = all.get(current);
    if (!intruder.hasBegun()) {
      if (elapsed.compareTo(dueAt(current)) >= 0) {
        intruder.begin(transport, events, now);
      }
    } else if (intruder.ended(events, now)) {
      current++;
    }
  }

  /** Whether all four have had their turn. */
  boolean ended() {
    return current == all.size();
  }

  /** What came of those that have begun. */
  List<Attempt> begun() {
    return all.stream().filter(Intruder::hasBegun).map(Intruder::attempt).toList();
  }

  /** What came of all four; who had no turn was not refused. */
  List<Attempt> attempts() {
    return all.stream().map(Intruder::attempt).toList();
  }

  @Override
  public void close() {
    all.forEach(Intruder::close);
  }

  private static Intruder stranger(
      String name, int number, io.wardgate.identity.SensorCredential credential, Reason expected) {
    return new Intruder(
        name,
        marker(number),
        credential,
        Optional.empty(),
        Gateway.Options.READINGS_PATH,
        expected);
  }

  private static String marker(int number) {
    return "intruder-" + number;
  }

  /** At 5, 6, 7 and 8 tenths of the run. */
  private Duration dueAt(int number) {
    return span.multipliedBy(5L + number).dividedBy(10);
  }
}

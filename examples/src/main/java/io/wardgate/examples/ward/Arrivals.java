// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.CertificationRequest;
import io.wardgate.ca.EcKeys;
import io.wardgate.est.EstClient;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.registry.Invitation;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.transport.DtlsTransport;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * How devices get onto the ward: they come with what their manufacturer gave them, make a key of
 * their own, and ask for a certificate (RFC 9148).
 */
final class Arrivals {

  private static final Duration EXPECTED_FOR = Duration.ofMinutes(10);
  private static final long PATIENCE_SECONDS = 20;

  private final Credentials credentials;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Screen screen;

  Arrivals(Credentials credentials, InstantSource clock, SecureRandom random, Screen screen) {
    this.credentials = credentials;
    this.clock = clock;
    this.random = random;
    this.screen = screen;
  }

  /** What an operator does before they come. */
  void expect(LedgerRegistry registry) throws WardgateException {
    for (Post post : Post.ALL) {
      if (!post.preShared()) {
        registry.invite(
            new Invitation(
                post.device(), post.role(), Optional.empty(), clock.instant().plus(EXPECTED_FOR)));
      }
    }
  }

  /**
   * All come, one after the other.
   *
   * @return what each works with from now on
   * @throws WardgateException if one is not given what it asks for
   */
  Map<DeviceId, Credentials.Held> come(InetSocketAddress gateway) throws WardgateException {
    Map<DeviceId, Credentials.Held> enrolled = new LinkedHashMap<>();
    for (Post post : Post.ALL) {
      if (!post.preShared()) {
        Credentials.Held first = credentials.fromTheManufacturer(post.device());
        KeyPair keys = EcKeys.p256(random);
        X509Certificate given = enrol(first, keys, gateway);
        enrolled.put(post.device(), new Credentials.Held(keys.getPrivate(), given));
      }
    }
    screen.say(
        "ward: %d devices came with their manufacturers' certificates, made keys of their own and"
                .formatted(enrolled.size())
            + " were enrolled; what they came with opens nothing else");
    return enrolled;
  }

  private X509Certificate enrol(Credentials.Held first, KeyPair keys, InetSocketAddress gateway)
      throws WardgateException {
    byte[] request = CertificationRequest.inTheNameOf(first.certificate(), keys, random);
    try (SensorTransport.Link link =
        DtlsTransport.to(gateway).open(credentials.provenBy(first), clock)) {
      return EstClient.over(link)
          .enrol(request)
          .toCompletableFuture()
          .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .join()
          .certificate()
          .orElseThrow(
              () -> new WardgateException(Reason.ENROLMENT_WAITS, "though it is expected"));
    } catch (CompletionException e) {
      if (e.getCause() instanceof WardgateException refusal) {
        throw refusal;
      }
      throw new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "no answer to a request", e);
    }
  }
}

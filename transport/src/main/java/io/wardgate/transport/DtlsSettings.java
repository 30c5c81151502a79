// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.transport.DtlsTransport.OptIn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.elements.config.CertificateAuthenticationMode;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.dtls.ExtendedMasterSecretMode;
import org.eclipse.californium.scandium.dtls.SignatureAndHashAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;

/**
 * Every setting of the substrate that we do not leave to its defaults, in one place; the reasons in
 * full, with the measurements, are in {@code docs/defaults.md}.
 */
final class DtlsSettings {

  /** Largest block and largest message body in one datagram (RFC 7252 section 4.6). */
  static final int BLOCK_BYTES = 1024;

  static final int CONNECTION_ID_BYTES = 6;
  private static final int REMEMBERED_MESSAGES_PER_PEER = 16;

  /** Datagrams that may wait for a DTLS worker, 6 MB at most; the substrate's 50000 would be 75. */
  private static final int PENDING_JOBS = 4096;

  private DtlsSettings() {}

  // Deprecated because 4.0 has no such threshold; until then its default of 30 % must become 0.
  @SuppressWarnings("deprecation")
  static Configuration gateway(
      int maxSessions,
      SessionLimits limits,
      Set<OptIn> optIns,
      boolean certificates,
      boolean preSharedKeys) {
    Configuration settings = common(certificates);
    settings.set(DtlsConfig.DTLS_ROLE, DtlsRole.SERVER_ONLY);
    settings.set(DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE, CertificateAuthenticationMode.NEEDED);
    settings.setAsList(DtlsConfig.DTLS_CIPHER_SUITES, suites(optIns, certificates, preSharedKeys));
    settings.set(
        DtlsConfig.DTLS_MAX_CONNECTIONS, maxSessions + HandshakePlaces.beside(maxSessions).all());
    // Anybody's hello, before any proof, would take the place of one that is stale. Sessions says
    // who makes room; this is for what could not go on anyway.
    settings.set(
        DtlsConfig.DTLS_STALE_CONNECTION_THRESHOLD,
        limits.silence().toSeconds() + 1,
        TimeUnit.SECONDS);
    settings.set(DtlsConfig.DTLS_MAX_PENDING_INBOUND_JOBS, PENDING_JOBS);
    settings.set(DtlsConfig.DTLS_MAX_PENDING_OUTBOUND_JOBS, PENDING_JOBS);
    settings.set(DtlsConfig.DTLS_MAX_PENDING_HANDSHAKE_RESULT_JOBS, PENDING_JOBS);
    settings.set(CoapConfig.MAX_ACTIVE_PEERS, maxSessions);
    // A handshake that stands still holds a place for 2 + 4 + 8 s; the default is over a minute.
    settings.set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 2);
    // The substrate resumes what it finds; Resumption judges the peer first, and behind a cookie.
    settings.set(DtlsConfig.DTLS_SERVER_USE_SESSION_ID, true);
    settings.set(DtlsConfig.DTLS_VERIFY_PEERS_ON_RESUMPTION_THRESHOLD, 0);
    // Blocks are put together by RequestBodies, which asks for access at the first one.
    settings.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, 0);
    // The default keeps 2.8 kB of every request for 247 s; a few per peer are what repeats need.
    settings.set(CoapConfig.DEDUPLICATOR, CoapConfig.DEDUPLICATOR_PEERS_MARK_AND_SWEEP);
    settings.set(CoapConfig.PEERS_MARK_AND_SWEEP_MESSAGES, REMEMBERED_MESSAGES_PER_PEER);
    return settings;
  }

  static Configuration sensor(boolean certificates, boolean preSharedKeys) {
    Configuration settings = common(certificates);
    settings.set(DtlsConfig.DTLS_ROLE, DtlsRole.CLIENT_ONLY);
    settings.setAsList(
        DtlsConfig.DTLS_CIPHER_SUITES, suites(Set.of(), certificates, preSharedKeys));
    settings.set(DtlsConfig.DTLS_MAX_CONNECTIONS, 4);
    settings.set(CoapConfig.MAX_ACTIVE_PEERS, 4);
    settings.set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1);
    settings.set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1);
    // After a full handshake the first request would otherwise fail with a mismatch.
    settings.set(CoapConfig.RESPONSE_MATCHING, CoapConfig.MatcherMode.PRINCIPAL);
    settings.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, 64 * BLOCK_BYTES);
    // Gives up after 14 to 21 s instead of 93: a gateway that lost our session never answers, and
    // only a new handshake finds that out.
    settings.set(CoapConfig.MAX_RETRANSMIT, 2);
    settings.set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 3);
    return settings;
  }

  private static Configuration common(boolean certificates) {
    // Never Configuration.getStandard(): that reads and writes a file in the working directory.
    Configuration settings =
        new Configuration(
            CoapConfig.DEFINITIONS,
            DtlsConfig.DEFINITIONS,
            SystemConfig.DEFINITIONS,
            UdpConfig.DEFINITIONS);
    settings.set(DtlsConfig.DTLS_EXTENDED_MASTER_SECRET_MODE, ExtendedMasterSecretMode.REQUIRED);
    settings.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, true);
    settings.set(DtlsConfig.DTLS_RECOMMENDED_CURVES_ONLY, true);
    settings.set(DtlsConfig.DTLS_RECOMMENDED_SIGNATURE_AND_HASH_ALGORITHMS_ONLY, true);
    settings.setAsList(
        DtlsConfig.DTLS_CURVES,
        SupportedGroup.secp256r1,
        SupportedGroup.X25519,
        SupportedGroup.secp384r1);
    if (certificates) {
      // Refused by the substrate where no certificate can occur.
      settings.setAsList(
          DtlsConfig.DTLS_SIGNATURE_AND_HASH_ALGORITHMS,
          SignatureAndHashAlgorithm.SHA256_WITH_ECDSA,
          SignatureAndHashAlgorithm.SHA384_WITH_ECDSA);
    }
    settings.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, CONNECTION_ID_BYTES);
    settings.set(DtlsConfig.DTLS_USE_ANTI_REPLAY_FILTER, true);
    settings.set(DtlsConfig.DTLS_UPDATE_ADDRESS_USING_CID_ON_NEWER_RECORDS, true);
    settings.set(DtlsConfig.DTLS_USE_HELLO_VERIFY_REQUEST, true);
    // Off: it drops genuine records too, so that a few forged ones would silence a device for good.
    settings.set(DtlsConfig.DTLS_MAC_ERROR_FILTER_QUIET_TIME, 0, TimeUnit.SECONDS);
    settings.set(DtlsConfig.DTLS_MAC_ERROR_FILTER_THRESHOLD, 0);
    settings.set(CoapConfig.MAX_MESSAGE_SIZE, BLOCK_BYTES);
    settings.set(CoapConfig.PREFERRED_BLOCK_SIZE, BLOCK_BYTES);
    settings.set(SystemConfig.HEALTH_STATUS_INTERVAL, 0, TimeUnit.SECONDS);
    return settings;
  }

  private static CipherSuite[] suites(
      Set<OptIn> optIns, boolean certificates, boolean preSharedKeys) {
    boolean ccm8 = optIns.contains(OptIn.CCM_8);
    boolean plainPsk = optIns.contains(OptIn.PSK_WITHOUT_FORWARD_SECRECY);
    List<CipherSuite> suites = new ArrayList<>();
    if (certificates) {
      suites.add(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);
      suites.add(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384);
      suites.add(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM);
      if (ccm8) {
        suites.add(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8);
      }
    }
    if (preSharedKeys) {
      suites.add(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256);
      suites.add(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256);
      if (ccm8) {
        suites.add(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256);
      }
      if (plainPsk) {
        suites.add(CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256);
        suites.add(CipherSuite.TLS_PSK_WITH_AES_128_CCM);
        if (ccm8) {
          suites.add(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8);
        }
      }
    }
    return suites.toArray(new CipherSuite[0]);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.AuditTrail;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.ca.EmbeddedAuthority;
import io.wardgate.ca.HostName;
import io.wardgate.ca.Pem;
import io.wardgate.est.Est;
import io.wardgate.est.EstServer;
import io.wardgate.exchange.SavedSessions;
import io.wardgate.factory.FactoryLine;
import io.wardgate.gateway.AuditedRegistry;
import io.wardgate.gateway.StateFolder;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.PreSharedKeys;
import io.wardgate.identity.Revocations;
import io.wardgate.identity.VaultPreSharedKeys;
import io.wardgate.keys.KeyVault.KeyPairEntry;
import io.wardgate.keys.Pkcs11Vault;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.registry.DeviceRegistry;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.state.Standing;
import io.wardgate.time.TimeFloor;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A gateway home this process holds the lock of, with its vault and its state open. Thread-safe.
 */
public final class OpenHome implements AutoCloseable {

  /** Longer than any device lives: an IDevID has no end of its own. */
  private static final Duration MANUFACTURER_VALIDITY = Duration.ofDays(50 * 365);

  private final HomeLock lock;
  private final Pkcs12Vault vault;
  private final StateFolder state;
  private final EmbeddedAuthority devices;
  private final X509Certificate gatewayCa;
  private final InstantSource clock;
  private final SecureRandom random;
  private final DeviceDesk desk;

  private OpenHome(
      HomeLock lock,
      Pkcs12Vault vault,
      StateFolder state,
      EmbeddedAuthority devices,
      X509Certificate gatewayCa,
      InstantSource clock,
      SecureRandom random) {
    this.random = random;
    this.lock = lock;
    this.vault = vault;
    this.state = state;
    this.devices = devices;
    this.gatewayCa = gatewayCa;
    this.clock = clock;
    this.desk = desk(AuditedRegistry.of(state.ledger(), this::record, clock));
    // Until a gateway runs here and does more.
    state
        .revocations()
        .whenChanged(
            () ->
                record(
                    SecurityEvent.info(
                        clock.instant(), SecurityEvent.REVOCATIONS_CHANGED, null, "local")));
  }

  /**
   * Opens a home with its lock and its unlock secret. The first opening makes its state; a home of
   * version 0.1 has its registry taken over.
   *
   * @throws WardgateException {@link Reason#HOME_IN_USE} if another process has it, else what is
   *     wrong with the unlock secret, the vault or the state
   * @throws IOException if a file cannot be read
   */
  public static OpenHome open(
      GatewayHome home, UnlockSource unlock, InstantSource clock, SecureRandom random)
      throws IOException, WardgateException {
    return open(home, acquire(home), unlock, clock, random);
  }

  /** The same with a secret that was read before, and which the caller closes. */
  static OpenHome open(
      GatewayHome home, UnlockSecret secret, InstantSource clock, SecureRandom random)
      throws IOException, WardgateException {
    return open(home, acquire(home), secret, clock, random);
  }

  /** The same with a lock that is held already, and released if this fails. */
  static OpenHome open(
      GatewayHome home,
      HomeLock lock,
      UnlockSource unlock,
      InstantSource clock,
      SecureRandom random)
      throws IOException, WardgateException {
    boolean opened = false;
    try (UnlockSecret secret = unlock.read(home.directory())) {
      OpenHome open = open(home, lock, secret, clock, random);
      opened = true;
      return open;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  private static OpenHome open(
      GatewayHome home,
      HomeLock lock,
      UnlockSecret secret,
      InstantSource clock,
      SecureRandom random)
      throws IOException, WardgateException {
    boolean opened = false;
    char[] text = secret.copyOfText();
    try {
      Pkcs12Vault vault = Pkcs12Vault.open(home.vault(), text);
      X509Certificate gatewayCa =
          Pem.certificates(PrivateFiles.readUpTo(home.gatewayCa(), Pem.MAX_BYTES)).get(0);
      EmbeddedAuthority devices = authority(vault, clock, random);
      // Last: what is opened here has to be closed.
      StateFolder state = StateFolder.open(home.state(), vault, clock, random);
      opened = true;
      return new OpenHome(lock, vault, state, devices, gatewayCa, clock, random);
    } finally {
      Arrays.fill(text, '\0');
      if (!opened) {
        lock.close();
      }
    }
  }

  private static HomeLock acquire(GatewayHome home) throws IOException, WardgateException {
    return HomeLock.tryAcquire(home.lock())
        .orElseThrow(
            () ->
                new WardgateException(
                    Reason.HOME_IN_USE, "another process holds " + home.directory()));
  }

  private static EmbeddedAuthority authority(
      Pkcs12Vault vault, InstantSource clock, SecureRandom random) throws WardgateException {
    return vault
        .keyPair(NewHome.DEVICE_AUTHORITY)
        .map(entry -> EmbeddedAuthority.of(entry, clock, random))
        .orElseThrow(
            () ->
                new WardgateException(Reason.STATE_DAMAGED, "the vault holds no device authority"));
  }

  /** Where devices are let in and out while no gateway runs here; the trail keeps what is done. */
  public DeviceDesk desk() {
    return desk;
  }

  /**
   * Where devices are let in and out of a running gateway.
   *
   * @param running the gateway's own registry, which tells what is done
   */
  public DeviceDesk desk(DeviceRegistry running) {
    return new LocalDesk(
        state.ledger(),
        running,
        state.revocations(),
        state.keys(),
        vault,
        devices,
        gatewayCa,
        clock);
  }

  /** Where it is decided who is enrolled, while no gateway runs here. */
  public EnrolmentDesk enrolment() {
    return enrolment(Optional.empty());
  }

  /**
   * The same with a running gateway.
   *
   * @param server where its devices wait, if it enrols any
   */
  public EnrolmentDesk enrolment(Optional<EstServer> server) {
    return new LocalEnrolment(state.ledger(), server, this::record, clock);
  }

  /** How this home enrols devices: its own authority certifies them for that long. */
  public Est est(Duration validity) {
    return Est.issuedBy(devices).tellingOf(gatewayCa).validFor(validity);
  }

  /**
   * A station that gives devices their first credentials. Its authority is made when it is asked
   * for first, and is not that of this home's own devices.
   *
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE} if the vault cannot take it
   * @throws IOException if its certificate cannot be written beside it
   */
  public FactoryLine factory(GatewayHome home, GatewayConfig.Factory factory)
      throws IOException, WardgateException {
    Optional<KeyPairEntry> kept = vault.keyPair(NewHome.MANUFACTURER_AUTHORITY);
    EmbeddedAuthority manufacturer =
        kept.isPresent()
            ? EmbeddedAuthority.of(kept.get(), clock, random)
            : EmbeddedAuthority.selfSigned(
                "Wardgate manufacturer authority " + state.ledger().ledgerId(),
                MANUFACTURER_VALIDITY,
                clock,
                random);
    if (kept.isEmpty()) {
      vault.store(NewHome.MANUFACTURER_AUTHORITY, manufacturer.entry());
    }
    if (!Files.exists(home.manufacturerCa())) {
      PrivateFiles.create(
          home.manufacturerCa(), Pem.certificate(manufacturer.certificate()).getBytes(US_ASCII));
    }
    return new FactoryLine(
        factory.station(),
        state.ledger(),
        state.keys(),
        manufacturer,
        factory.hardwareType(),
        this::record,
        clock);
  }

  /** The devices known here. */
  public LedgerRegistry registry() {
    return state.ledger();
  }

  /** What happened here that matters to security. */
  public AuditTrail trail() {
    return state.trail();
  }

  /** The latest time that was believed here. */
  public TimeFloor timeFloor() {
    return state.timeFloor();
  }

  /** What lets devices go on after a restart. */
  public SavedSessions sessions() {
    return state.sessions();
  }

  /** Which certificates and keys are revoked here. */
  public Revocations revocations() {
    return state.revocations();
  }

  /**
   * Goes on with the ledger as it is.
   *
   * @return how many losses were accepted
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE} if that cannot be written down
   */
  public int acceptLedger() throws WardgateException {
    int losses = state.ledger().report().losses().size();
    state.ledger().accept();
    accepted("ledger", losses);
    return losses;
  }

  /**
   * Goes on with the audit trail as it is.
   *
   * @return how many losses were accepted
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE} if that cannot be written down
   */
  public int acceptAudit() throws WardgateException {
    int losses = state.trail().report().losses().size();
    Stages.await(state.trail().accept());
    accepted("audit", losses);
    return losses;
  }

  /**
   * Goes on with the revocations that are left.
   *
   * @return 1 if some were lost, else 0
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE} if that cannot be written down
   */
  public int acceptRevocations() throws WardgateException {
    int losses = state.revocations().standing() == Standing.SOUND ? 0 : 1;
    state.revocations().acceptLoss();
    accepted("revocations", losses);
    return losses;
  }

  /**
   * Forgets the latest time that was believed here; the next start learns it anew.
   *
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE} if that cannot be done
   */
  public void forgetTime() throws WardgateException {
    state.forgetTime();
    accepted("clock", 1);
  }

  private void accepted(String part, int losses) {
    record(
        new SecurityEvent(
            clock.instant(),
            SecurityEvent.STATE_ACCEPTED,
            SecurityEvent.Severity.WARNING,
            Optional.empty(),
            "local, " + part + ", losses " + losses,
            Optional.empty()));
  }

  /** What cannot be kept is logged by the trail; the change itself was made. */
  private void record(SecurityEvent event) {
    state.trail().record(event);
  }

  /**
   * What the gateway proves itself with.
   *
   * @throws WardgateException {@link Reason#STATE_DAMAGED} if the vault does not hold it
   */
  public GatewayIdentity identity() throws WardgateException {
    if (vault.keyPair(NewHome.GATEWAY).isEmpty()) {
      throw new WardgateException(Reason.STATE_DAMAGED, "the vault holds no gateway identity");
    }
    return GatewayIdentity.from(vault, NewHome.GATEWAY);
  }

  /**
   * The same with a key that lies on a token: the one the home's own certificate is for, else the
   * one labelled {@value NewHome#GATEWAY}, else the only one there. For a key the home's authority
   * has not certified it does so now, in the names of the home's certificate: a sensor trusts that
   * authority and asks for the name.
   *
   * @throws WardgateException {@link Reason#TOKEN_KEY_MISSING} if it is none of these, or {@link
   *     Reason#STATE_DAMAGED} if the vault does not hold what a home has
   */
  public GatewayIdentity identity(Pkcs11Vault token) throws WardgateException {
    List<X509Certificate> own = identity().chain();
    if (token.keyPairOf(own.get(0).getPublicKey()).isPresent()) {
      return GatewayIdentity.onToken(token, own);
    }
    List<KeyPairEntry> all = token.keyPairs();
    KeyPairEntry chosen =
        token
            .keyPair(NewHome.GATEWAY)
            .or(() -> all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty())
            .orElseThrow(
                () ->
                    new WardgateException(
                        Reason.TOKEN_KEY_MISSING,
                        "the token shows "
                            + all.size()
                            + " keys with certificates, none labelled "
                            + NewHome.GATEWAY));
    EmbeddedAuthority gateways =
        vault
            .keyPair(NewHome.GATEWAY_AUTHORITY)
            .map(entry -> EmbeddedAuthority.of(entry, clock, random))
            .orElseThrow(
                () ->
                    new WardgateException(
                        Reason.STATE_DAMAGED, "the vault holds no gateway authority"));
    X509Certificate certificate =
        gateways.issueGateway(
            HostName.in(own.get(0)),
            chosen.chain().get(0).getPublicKey(),
            NewHome.GATEWAY_VALIDITY);
    return GatewayIdentity.onToken(token, List.of(certificate));
  }

  /** The pre-shared keys in the vault, those added later included. */
  public PreSharedKeys preSharedKeys() {
    return VaultPreSharedKeys.in(vault);
  }

  /** Ends writing, then lets the next process in. */
  @Override
  public void close() throws IOException {
    state.close();
    lock.close();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Provision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link DeviceRegistry} holds to. */
abstract class DeviceRegistryContract {

  static final Instant SINCE = Instant.parse("2026-11-23T12:00:00Z");
  static final DeviceId PUMP = DeviceId.of("pump-1");
  static final DeviceId TAG = new DeviceId("acme", "tag-1");

  /** The one under test, empty. */
  abstract DeviceRegistry registry();

  /** Returns once all activations before it have come into effect. */
  abstract void settle() throws WardgateException;

  @Test
  void aRegisteredDeviceIsIssuedAndFound() throws Exception {
    Registration pump = pump().with(certificate(1, "1"));
    registry().register(pump);
    assertThat(registry().find(PUMP)).contains(pump);
    assertThat(registry().all()).containsExactly(pump);
    assertThat(pump.state()).isEqualTo(DeviceState.ISSUED);
    assertThat(registry().find(DeviceId.of("tag-1"))).isEmpty();
  }

  @Test
  void aDeviceBeginsAsIssuedOnly() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> registry().register(pump().in(DeviceState.ACTIVE)));
  }

  @Test
  @Provision("5.4-4")
  void refusesAnIdThatIsTakenAlsoInAnotherRole() throws Exception {
    registry().register(pump());
    assertThat(reasonOf(() -> registry().register(pump())))
        .isEqualTo(Reason.DEVICE_ALREADY_REGISTERED);
    assertThat(reasonOf(() -> registry().register(new Registration(PUMP, Role.ASSET_TAG, SINCE))))
        .isEqualTo(Reason.DEVICE_ALREADY_REGISTERED);
    assertThat(registry().find(PUMP)).contains(pump());
  }

  @ParameterizedTest
  @EnumSource(
      value = DeviceState.class,
      names = {"REVOKED", "RETIRED"})
  void anIdThatEndedIsNeverTakenAgain(DeviceState end) throws Exception {
    registry().register(pump());
    bring(PUMP, end);
    assertThat(reasonOf(() -> registry().register(pump())))
        .isEqualTo(Reason.DEVICE_ALREADY_REGISTERED);
    assertThat(registry().find(PUMP)).contains(pump().in(end));
  }

  @Test
  @Provision("5.1-1")
  @Provision("5.4-4")
  void refusesAKeyThatAnotherDeviceHas() throws Exception {
    registry().register(pump().with(certificate(1, "1")));
    for (IssuedCredential taken :
        List.of(certificate(1, "2"), new IssuedKey(key(1)), preSharedKey(1, 2))) {
      assertThat(reasonOf(() -> registry().register(tag().with(taken))))
          .isEqualTo(Reason.KEY_ALREADY_ISSUED);
    }
    assertThat(registry().find(TAG)).isEmpty();
  }

  @Test
  @Provision("5.4-4")
  void aKeyOfARevokedDeviceIsNotGivenToAnother() throws Exception {
    registry().register(pump().with(certificate(1, "1")));
    registry().revoke(PUMP, Cause.STOLEN);
    assertThat(reasonOf(() -> registry().register(tag().boundTo(key(1)))))
        .isEqualTo(Reason.KEY_ALREADY_ISSUED);
  }

  @Test
  @Provision("5.4-4")
  void refusesTheSerialNumberOfAnotherDevicesCertificate() throws Exception {
    registry().register(pump().with(certificate(1, "1")));
    assertThat(reasonOf(() -> registry().register(tag().with(certificate(2, "1")))))
        .isEqualTo(Reason.CERTIFICATE_SERIAL_ALREADY_ISSUED);
    registry().register(tag().with(certificate(2, "2")));
  }

  @Test
  @Provision("5.1-1")
  @Provision("5.4-4")
  void refusesAPreSharedKeyOfAnotherDeviceUnderWhateverIdentity() throws Exception {
    registry().register(pump().with(preSharedKey(1, 7)));
    assertThat(reasonOf(() -> registry().register(tag().with(preSharedKey(2, 7)))))
        .isEqualTo(Reason.PRE_SHARED_KEY_ALREADY_ISSUED);
    registry().register(tag().with(preSharedKey(2, 8)));
  }

  @Test
  void ofARefusedRegistrationNothingIsTaken() throws Exception {
    registry().register(pump().with(certificate(1, "1")));
    Registration second = tag().with(certificate(2, "2")).with(certificate(3, "1"));
    assertThat(reasonOf(() -> registry().register(second)))
        .isEqualTo(Reason.CERTIFICATE_SERIAL_ALREADY_ISSUED);
    registry().register(new Registration(DeviceId.of("x"), Role.ASSET_TAG, SINCE).boundTo(key(2)));
    registry().register(tag());
  }

  @Test
  void theFirstSessionActivatesAndTheNextOnesDoNothing() throws Exception {
    registry().activate(PUMP);
    registry().register(pump());
    for (int i = 0; i < 3; i++) {
      registry().activate(PUMP);
      settle();
      assertThat(stateOf(PUMP)).isEqualTo(DeviceState.ACTIVE);
    }
    assertThat(registry().find(TAG)).isEmpty();
  }

  @Test
  void aSuspendedDeviceGoesOnWhereItWas() throws Exception {
    registry().register(pump());
    registry().register(tag());
    bring(TAG, DeviceState.ACTIVE);
    for (DeviceId device : List.of(PUMP, TAG)) {
      DeviceState before = stateOf(device);
      registry().suspend(device, Cause.MAINTENANCE);
      assertThat(stateOf(device)).isEqualTo(DeviceState.SUSPENDED);
      registry().resume(device);
      assertThat(stateOf(device)).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource(DeviceState.class)
  void onlyTheAllowedChangesAreMade(DeviceState from) throws Exception {
    for (Change change : CHANGES) {
      DeviceId device = DeviceId.of(from.code() + "-" + change.to().code());
      registry().register(new Registration(device, Role.ASSET_TAG, SINCE));
      bring(device, from);
      if (change.isAllowedFrom(from)) {
        change.make(registry(), device);
        assertThat(stateOf(device)).isEqualTo(change.to());
      } else {
        assertThat(reasonOf(() -> change.make(registry(), device)))
            .as("%s to %s", from, change.to())
            .isEqualTo(Reason.DEVICE_STATE_FINAL);
        assertThat(stateOf(device)).isEqualTo(from);
      }
    }
  }

  @Test
  void nothingIsChangedOfADeviceThatIsNotThere() {
    for (Change change : CHANGES) {
      assertThat(reasonOf(() -> change.make(registry(), PUMP)))
          .isEqualTo(Reason.DEVICE_NOT_REGISTERED);
    }
  }

  @Test
  void aSessionBringsNobodyBack() throws Exception {
    registry().register(pump());
    registry().register(tag());
    registry().suspend(PUMP, Cause.LOST);
    registry().revoke(TAG, Cause.LOST);
    registry().activate(PUMP);
    registry().activate(TAG);
    settle();
    assertThat(stateOf(PUMP)).isEqualTo(DeviceState.SUSPENDED);
    assertThat(stateOf(TAG)).isEqualTo(DeviceState.REVOKED);
  }

  @Test
  @Provision("5.4-4")
  void ofManyThatRegisterOneKeyAtOnceOneGetsIt() throws Exception {
    int threads = 4;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 1; round <= 10; round++) {
        CyclicBarrier barrier = new CyclicBarrier(threads);
        List<Future<Boolean>> tries = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          tries.add(pool.submit(registering("d-" + round + "-" + i, key(round), barrier)));
        }
        int winners = 0;
        for (Future<Boolean> one : tries) {
          winners += one.get() ? 1 : 0;
        }
        assertThat(winners).isEqualTo(1);
        assertThat(registry().all()).hasSize(round);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private Callable<Boolean> registering(String id, KeyFingerprint key, CyclicBarrier barrier) {
    return () -> {
      barrier.await();
      try {
        registry().register(new Registration(DeviceId.of(id), Role.ASSET_TAG, SINCE).boundTo(key));
        return true;
      } catch (WardgateException e) {
        assertThat(e.reason()).isEqualTo(Reason.KEY_ALREADY_ISSUED);
        return false;
      }
    };
  }

  /** What an operator can do to a device that is issued or was suspended as issued. */
  private static final List<Change> CHANGES =
      List.of(
          new Change(DeviceState.SUSPENDED, (r, d) -> r.suspend(d, Cause.MAINTENANCE)),
          new Change(DeviceState.ISSUED, DeviceRegistry::resume),
          new Change(DeviceState.REVOKED, (r, d) -> r.revoke(d, Cause.STOLEN)),
          new Change(DeviceState.RETIRED, (r, d) -> r.retire(d, Cause.REPLACED)));

  private record Change(DeviceState to, Making making) {
    void make(DeviceRegistry registry, DeviceId device) throws WardgateException {
      making.make(registry, device);
    }

    boolean isAllowedFrom(DeviceState from) {
      return switch (from) {
        case ISSUED, ACTIVE -> to != DeviceState.ISSUED;
        case SUSPENDED -> to != DeviceState.SUSPENDED;
        case REVOKED, RETIRED -> false;
      };
    }
  }

  @FunctionalInterface
  private interface Making {
    void make(DeviceRegistry registry, DeviceId device) throws WardgateException;
  }

  /** Brings a device that is issued to {@code state}. */
  final void bring(DeviceId device, DeviceState state) throws WardgateException {
    switch (state) {
      case ISSUED -> {}
      case ACTIVE -> {
        registry().activate(device);
        settle();
      }
      case SUSPENDED -> registry().suspend(device, Cause.MAINTENANCE);
      case REVOKED -> registry().revoke(device, Cause.STOLEN);
      case RETIRED -> registry().retire(device, Cause.REPLACED);
    }
  }

  final DeviceState stateOf(DeviceId device) {
    return registry().find(device).orElseThrow().state();
  }

  static Registration pump() {
    return new Registration(PUMP, Role.INFUSION_PUMP, SINCE);
  }

  static Registration tag() {
    return new Registration(TAG, Role.ASSET_TAG, SINCE);
  }

  static KeyFingerprint key(int number) {
    return new KeyFingerprint("%064x".formatted(number));
  }

  static IssuedCertificate certificate(int key, String serial) {
    return new IssuedCertificate(key(key), new CertificateSerial("0123456789abcdef", serial));
  }

  static IssuedPreSharedKey preSharedKey(int identity, int secret) {
    return new IssuedPreSharedKey(key(identity), new SecretFingerprint("%064x".formatted(secret)));
  }
}

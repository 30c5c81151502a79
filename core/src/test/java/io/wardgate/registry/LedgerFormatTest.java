// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.cbor.CborWriter;
import io.wardgate.journal.Journal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An entry of the ledger is written one way, and read whole or refused. */
class LedgerFormatTest {

  private static final DeviceId DEVICE = new DeviceId("acme", "ECG:1+a");
  private static final IssuedCertificate CERTIFICATE = DeviceRegistryContract.certificate(1, "1f");
  private static final IssuedPreSharedKey SHARED = DeviceRegistryContract.preSharedKey(2, 3);
  private static final IssuedKey KEY = new IssuedKey(DeviceRegistryContract.key(4));

  /** One of every kind, and of every kind of credential. */
  static Stream<LedgerEntry> entries() {
    Registration bare =
        new Registration(DEVICE, Role.ECG_PATCH, Instant.parse("2026-11-23T12:00:00.000000001Z"));
    return Stream.of(
        new LedgerEntry.Genesis("00112233445566778899aabbccddeeff"),
        new LedgerEntry.Certified(DEVICE, CERTIFICATE),
        new LedgerEntry.Certified(DEVICE, SHARED),
        new LedgerEntry.Certified(DEVICE, KEY),
        new LedgerEntry.Registered(bare),
        new LedgerEntry.Registered(bare.with(CERTIFICATE).with(SHARED).with(KEY)),
        new LedgerEntry.Moved(EntryKind.ACTIVATED, DEVICE, Optional.empty()),
        new LedgerEntry.Moved(EntryKind.SUSPENDED, DEVICE, Optional.of(Cause.MAINTENANCE)),
        new LedgerEntry.Moved(EntryKind.RESUMED, DEVICE, Optional.empty()),
        new LedgerEntry.Moved(EntryKind.REVOKED, DEVICE, Optional.of(Cause.STOLEN)),
        new LedgerEntry.Moved(EntryKind.RETIRED, DEVICE, Optional.of(Cause.REPLACED)),
        new LedgerEntry.Restored(Long.MAX_VALUE, "ab".repeat(32)),
        new LedgerEntry.ConnectionsSaved("ffeeddccbbaa99887766554433221100"),
        new LedgerEntry.ConnectionsTaken(),
        new LedgerEntry.BatchOpened(
            new Batch(
                "2026-W48",
                Role.INFUSION_PUMP,
                10_000,
                "line-4",
                Instant.parse("2026-11-23T00:00:00Z"),
                Instant.parse("2026-12-01T00:00:00Z"),
                "cd".repeat(32))),
        new LedgerEntry.BatchClosed("2026-W48"),
        new LedgerEntry.Invited(
            new Invitation(
                DEVICE,
                Role.INFUSION_PUMP,
                Optional.of(KEY.key()),
                Instant.parse("2026-12-01T00:00:00Z"))),
        new LedgerEntry.Invited(
            new Invitation(DEVICE, Role.ECG_PATCH, Optional.empty(), Instant.EPOCH)),
        new LedgerEntry.Uninvited(DEVICE),
        new LedgerEntry.Enrolled(
            new Enrolment(
                DEVICE,
                Role.INFUSION_PUMP,
                Instant.parse("2026-11-27T12:00:00.5Z"),
                CERTIFICATE,
                Instant.parse("2027-11-27T12:00:00Z"),
                KEY.key(),
                "ef".repeat(32),
                "3082")),
        new LedgerEntry.Proved(DEVICE, CERTIFICATE.key()));
  }

  @Test
  void everyKindIsAmongTheseTests() {
    assertThat(entries().map(LedgerEntry::kind)).contains(EntryKind.values());
  }

  @ParameterizedTest
  @MethodSource("entries")
  void whatIsWrittenIsRead(LedgerEntry entry) throws Exception {
    assertThat(LedgerFormat.decode(entry.kind().type(), LedgerFormat.encode(entry)))
        .isEqualTo(entry);
  }

  @ParameterizedTest
  @MethodSource("entries")
  void refusesEveryTruncation(LedgerEntry entry) {
    byte[] whole = LedgerFormat.encode(entry);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThat(reasonOf(() -> LedgerFormat.decode(entry.kind().type(), cut)))
          .as("cut after %d bytes", length)
          .isEqualTo(Reason.STATE_DAMAGED);
    }
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    assertThat(reasonOf(() -> LedgerFormat.decode(entry.kind().type(), longer)))
        .isEqualTo(Reason.STATE_DAMAGED);
  }

  @ParameterizedTest
  @MethodSource("entries")
  void aTurnedBitIsRefusedOrSaysSomethingElseInOneWay(LedgerEntry entry) {
    byte[] whole = LedgerFormat.encode(entry);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] turned = whole.clone();
      turned[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        LedgerEntry read = LedgerFormat.decode(entry.kind().type(), turned);
        assertThat(LedgerFormat.encode(read)).isEqualTo(turned);
      } catch (WardgateException e) {
        assertThat(e.reason()).isIn(Reason.STATE_DAMAGED, Reason.STATE_NEWER);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("entries")
  void noKindReadsAsAnother(LedgerEntry entry) throws Exception {
    byte[] whole = LedgerFormat.encode(entry);
    for (EntryKind kind : EntryKind.values()) {
      boolean looksAlike =
          entry instanceof LedgerEntry.Moved moved
              && LedgerEntry.Moved.isMove(kind)
              && LedgerEntry.Moved.hasCause(kind) == moved.cause().isPresent();
      if (kind != entry.kind() && !looksAlike) {
        assertThat(reasonOf(() -> LedgerFormat.decode(kind.type(), whole)))
            .isEqualTo(Reason.STATE_DAMAGED);
      }
    }
  }

  @Test
  void typesAreThoseThatWereWrittenBefore() {
    assertThat(Arrays.stream(EntryKind.values()).map(kind -> kind.type() + " " + kind.code()))
        .containsExactly(
            "16 genesis",
            "17 certified",
            "18 registered",
            "19 activated",
            "20 suspended",
            "21 resumed",
            "22 revoked",
            "23 retired",
            "24 restored",
            "25 connections-saved",
            "26 connections-taken",
            "27 batch-opened",
            "28 batch-closed",
            "29 invited",
            "30 uninvited",
            "31 enrolled",
            "32 proved");
  }

  @ParameterizedTest
  @CsvSource({
    "genesis, a1075000112233445566778899aabbccddeeff",
    "suspended, a2016c61636d652f4543473a312b61066b6d61696e74656e616e6365",
    "activated, a1016c61636d652f4543473a312b61"
  })
  void bytesAreThoseThatWereWrittenBefore(String kind, String hex) {
    LedgerEntry entry =
        entries().filter(it -> it.kind().code().equals(kind)).findFirst().orElseThrow();
    assertThat(HexFormat.of().formatHex(LedgerFormat.encode(entry))).isEqualTo(hex);
  }

  @Test
  void aKindOfALaterVersionIsNotSkipped() {
    for (int type : new int[] {Journal.FIRST_TYPE - 1, EntryKind.PROVED.type() + 1, 255}) {
      assertThat(reasonOf(() -> LedgerFormat.decode(type, new byte[] {(byte) 0xa0})))
          .isEqualTo(Reason.STATE_NEWER);
    }
  }

  @Test
  void aFieldOfALaterVersionIsNotSkipped() {
    byte[] more = revocation(3, "stolen").integer(LedgerFormat.LAST_KEY + 1).text("x").toBytes();
    assertThat(reasonOf(() -> LedgerFormat.decode(EntryKind.REVOKED.type(), more)))
        .isEqualTo(Reason.STATE_NEWER);
    byte[] misplaced = revocation(3, "stolen").integer(2).text("x").toBytes();
    assertThat(reasonOf(() -> LedgerFormat.decode(EntryKind.REVOKED.type(), misplaced)))
        .isEqualTo(Reason.STATE_DAMAGED);
  }

  @Test
  void aCauseOfALaterVersionIsNotSkipped() {
    byte[] entry = revocation(2, "haunted").toBytes();
    assertThat(reasonOf(() -> LedgerFormat.decode(EntryKind.REVOKED.type(), entry)))
        .isEqualTo(Reason.STATE_NEWER);
  }

  @Test
  void aCredentialOfALaterVersionIsNotSkipped() {
    byte[] entry =
        new CborWriter()
            .map(2)
            .integer(1)
            .text("pump-1")
            .integer(5)
            .map(2)
            .integer(10)
            .integer(3)
            .integer(11)
            .bytes(new byte[32])
            .toBytes();
    assertThat(reasonOf(() -> LedgerFormat.decode(EntryKind.CERTIFIED.type(), entry)))
        .isEqualTo(Reason.STATE_NEWER);
  }

  @Test
  void refusesFieldsInAnotherOrder() {
    byte[] entry =
        new CborWriter().map(2).integer(6).text("stolen").integer(1).text("pump-1").toBytes();
    assertThat(reasonOf(() -> LedgerFormat.decode(EntryKind.REVOKED.type(), entry)))
        .isEqualTo(Reason.STATE_DAMAGED);
  }

  @Test
  void refusesMoreCredentialsThanADeviceHas() {
    CborWriter out = new CborWriter().map(4).integer(1).text("pump-1").integer(2).text("x");
    out.integer(3).array(2).integer(0).integer(0).integer(4).array(17);
    for (int i = 0; i < 17; i++) {
      out.map(2)
          .integer(10)
          .integer(0)
          .integer(11)
          .bytes(HexFormat.of().parseHex("%064x".formatted(i)));
    }
    assertThat(reasonOf(() -> LedgerFormat.decode(EntryKind.REGISTERED.type(), out.toBytes())))
        .isEqualTo(Reason.STATE_DAMAGED);
  }

  @ParameterizedTest
  @CsvSource({"0, -1", "0, 1000000000", "31556889864403200, 0", "-31557014167219201, 0"})
  void refusesAnInstantThatIsNone(long seconds, long nanos) {
    CborWriter out = new CborWriter().map(4).integer(1).text("pump-1").integer(2).text("x");
    out.integer(3).array(2).integer(seconds).integer(nanos).integer(4).array(0);
    assertThat(reasonOf(() -> LedgerFormat.decode(EntryKind.REGISTERED.type(), out.toBytes())))
        .isEqualTo(Reason.STATE_DAMAGED);
  }

  @Test
  void everyInstantIsKept() throws Exception {
    for (Instant since : List.of(Instant.MIN, Instant.EPOCH.minusNanos(1), Instant.MAX)) {
      LedgerEntry entry =
          new LedgerEntry.Registered(new Registration(DEVICE, Role.ASSET_TAG, since));
      assertThat(LedgerFormat.decode(entry.kind().type(), LedgerFormat.encode(entry)))
          .isEqualTo(entry);
    }
  }

  @Test
  void onlyWhoTakesADeviceOutOfServiceSaysWhy() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LedgerEntry.Moved(EntryKind.REVOKED, DEVICE, Optional.empty()));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new LedgerEntry.Moved(EntryKind.RESUMED, DEVICE, Optional.of(Cause.LOST)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LedgerEntry.Moved(EntryKind.GENESIS, DEVICE, Optional.empty()));
  }

  private static CborWriter revocation(int fields, String cause) {
    return new CborWriter().map(fields).integer(1).text("pump-1").integer(6).text(cause);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.AuditTrail;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.audit.SecurityEvent.Severity;
import io.wardgate.keys.DurableFile;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.LedgerView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes a home from a backup, whole or not at all.
 *
 * <p>It is recognised as restored from then on: its ledger has a new epoch, its audit trail says
 * when. Nothing in it comes twice: certificate serial numbers are random and the ledger knows those
 * that were given out, every opening seals under a fresh key, and sessions are kept nowhere. What
 * happened after the backup is not in it: a device revoked since would come in again, so the
 * operator has to revoke it again.
 */
public final class HomeRestore {

  private final InstantSource clock;
  private final SecureRandom random;

  /** Restores dated by this clock. */
  public HomeRestore(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * What was restored.
   *
   * @param head how far the ledger in the backup went
   * @param epoch how often it was put back, and 1
   */
  public record Restored(long head, int epoch) {}

  /**
   * Makes a home.
   *
   * @param file what {@link HomeBackup} wrote
   * @param place not there, or an empty directory
   * @param unlock where the unlock secret of the home that was backed up is
   * @throws WardgateException what is wrong with the unlock secret, {@link Reason#VAULT_LOCKED} if
   *     it is another home's, {@link Reason#BACKUP_DAMAGED} if the backup is not what was written,
   *     {@link Reason#STATE_NEWER} if a later version wrote it
   * @throws IOException if something is in that place, or it cannot be written; then there is no
   *     home
   */
  public Restored make(Path file, Path place, UnlockSource unlock)
      throws IOException, WardgateException {
    HomeSite site = HomeSite.at(place, random);
    AtomicInteger epoch = new AtomicInteger();
    try (UnlockSecret secret = unlock.read(site.target());
        BackupArchive archive = BackupArchive.open(file)) {
      site.build(home -> epoch.set(build(home, archive, secret)));
      site.settle();
      return new Restored(archive.manifest().ledger().sequence(), epoch.get());
    }
  }

  private int build(GatewayHome home, BackupArchive archive, UnlockSecret secret)
      throws IOException, WardgateException {
    BackupManifest manifest = archive.manifest();
    // The vault first: with it open we know whether the list of the others is to be believed.
    extract(archive, manifest.files().get(0), home);
    StateKeys keys =
        HomeState.keys(home, secret, random)
            .orElseThrow(
                () -> new WardgateException(Reason.BACKUP_DAMAGED, "its vault knows of no state"));
    archive.requireSignedBy(keys);
    Files.createDirectory(home.state(), PrivateFiles.DIRECTORY);
    for (BackupManifest.Item item : manifest.files().subList(1, manifest.files().size())) {
      extract(archive, item, home);
    }
    PrivateFiles.create(home.lock(), new byte[0]);
    requireAsListed(HomeState.with(home, keys, clock, random), manifest);
    return takeOver(home, keys, manifest);
  }

  private static void extract(BackupArchive archive, BackupManifest.Item item, GatewayHome home)
      throws IOException, WardgateException {
    Path target = home.directory().resolve(item.name());
    Path directory = BackupFiles.directoryOf(target);
    Files.createDirectories(directory, PrivateFiles.DIRECTORY);
    archive.extract(item, target);
    DurableFile.forceDirectory(directory);
  }

  private static void requireAsListed(HomeState state, BackupManifest manifest)
      throws WardgateException {
    LedgerView ledger = state.ledger();
    boolean same =
        BackupManifest.Head.of("ledger", ledger.report()).equals(manifest.ledger())
            && BackupManifest.Head.of("audit trail", state.verifyAudit()).equals(manifest.audit())
            && ledger.ledgerId().equals(manifest.ledgerId());
    if (!same) {
      throw new WardgateException(
          Reason.BACKUP_DAMAGED, "its ledger or audit trail ends elsewhere than it says");
    }
  }

  /** This copy is the original from now on, and says that it was put back. */
  private int takeOver(GatewayHome home, StateKeys keys, BackupManifest manifest)
      throws WardgateException {
    int epoch;
    try (LedgerRegistry ledger = LedgerRegistry.open(home.state(), keys, clock, random)) {
      ledger.accept();
      ledger.restored();
      epoch = ledger.epoch();
    }
    try (AuditTrail trail = AuditTrail.open(home.state(), keys, clock, random)) {
      Stages.await(trail.accept());
      Stages.await(
          trail.record(
              new SecurityEvent(
                  clock.instant(),
                  SecurityEvent.HOME_RESTORED,
                  Severity.WARNING,
                  Optional.empty(),
                  "local, backup of " + manifest.time() + ", epoch " + epoch,
                  Optional.empty())));
    }
    return epoch;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.keys.DurableFile;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.LedgerView;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Copies a home into one file, also while a gateway works in it.
 *
 * <p>The copy is made beside the file, read whole and found sound before it counts; then it is
 * signed and moved into place. What lies in it opens with the home's unlock secret only, which is
 * not in it: who loses that secret has no backup.
 */
public final class HomeBackup {

  private final InstantSource clock;
  private final SecureRandom random;

  /** Backups dated by this clock. */
  public HomeBackup(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * Writes a new file, mode 0600.
   *
   * @return how far the ledger in it goes
   * @throws WardgateException what is wrong with the unlock secret, the vault or the state; a state
   *     with losses nobody has accepted is not backed up
   * @throws IOException if the file exists, lies in the home, or cannot be written
   */
  public long make(GatewayHome home, UnlockSource unlock, Path file)
      throws IOException, WardgateException {
    Path target = file.toAbsolutePath().normalize();
    Path parent = target.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new IOException("the directory to write the backup in does not exist: " + parent);
    }
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    if (home.holds(target)) {
      throw new IOException("a backup is not kept in the home it is of: " + target);
    }
    Path aside = parent.resolve("." + target.getFileName() + ".new-" + tag());
    try (UnlockSecret secret = unlock.read(home.directory())) {
      Files.createDirectory(aside, PrivateFiles.DIRECTORY);
      BackupManifest manifest = build(home, secret, aside);
      Files.move(aside.resolve("archive"), target);
      DurableFile.forceDirectory(parent);
      return manifest.ledger().sequence();
    } finally {
      PrivateFiles.removeTree(aside);
    }
  }

  private BackupManifest build(GatewayHome home, UnlockSecret secret, Path aside)
      throws IOException, WardgateException {
    // One that was never opened has no state yet, and no keys to sign with.
    StateKeys keys = HomeState.of(home, secret, clock, random).keys();
    GatewayHome copy = new GatewayHome(aside.resolve("home"));
    List<BackupManifest.Item> files = BackupCopy.of(home, copy.directory());
    if (HomeState.keys(copy, secret, random)
        .filter(copied -> Arrays.equals(copied.keyId(), keys.keyId()))
        .isEmpty()) {
      throw new WardgateException(Reason.STATE_DAMAGED, "the vault changed its keys meanwhile");
    }
    HomeState state = HomeState.with(copy, keys, clock, random);
    LedgerView ledger = state.ledger();
    BackupManifest manifest =
        new BackupManifest(
            ledger.ledgerId(),
            clock.instant(),
            BackupManifest.Head.of("ledger", ledger.report()),
            BackupManifest.Head.of("audit trail", state.verifyAudit()),
            files);
    BackupArchive.write(
        aside.resolve("archive"), manifest, keys.sign(manifest.toBytes()), copy.directory());
    return manifest;
  }

  private String tag() {
    byte[] tag = new byte[4];
    random.nextBytes(tag);
    return HexFormat.of().formatHex(tag);
  }
}

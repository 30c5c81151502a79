// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.nio.file.Path;

class BackupManifestFuzzTest {

  @FuzzTest
  void endsInAListOfExactlyTheseBytesInsideTheHomeOrATypedRefusal(byte[] input) {
    BackupManifest manifest;
    try {
      manifest = BackupManifest.parse(input);
    } catch (WardgateException e) {
      assertThat(e.reason()).isIn(Reason.BACKUP_DAMAGED, Reason.STATE_NEWER);
      return;
    }
    assertThat(manifest.toBytes()).isEqualTo(input);
    Path home = Path.of("/gw");
    for (BackupManifest.Item item : manifest.files()) {
      Path target = home.resolve(item.name());
      assertThat(target).isEqualTo(target.normalize());
      assertThat(target.startsWith(home)).isTrue();
    }
  }
}

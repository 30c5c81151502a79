// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.WardgateException;
import io.wardgate.fixtures.KeyStretching;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.keys.StateKeys;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A process made to be killed: appends to a journal and prints each acknowledgement, {@code ack
 * SEQUENCE TEXT}, as soon as it has it.
 */
final class Victim {

  static final char[] UNLOCK = "a secret of this test".toCharArray();

  private static final JournalLimits LIMITS =
      new JournalLimits(32 * 1024, 256 * 1024, JournalLimits.WhenFull.DROP_OLDEST, 1000, 1 << 20);
  private static final int GROUP = 5;
  private static final int GROUPS_PER_OPENING = 12;

  private Victim() {}

  /**
   * Appends records to the journal in a directory that {@link #prepare} made; the arguments are
   * that directory, what the records' texts begin with, and their number.
   */
  public static void main(String[] arguments) throws IOException, WardgateException {
    Path folder = Path.of(arguments[0]);
    String name = arguments[1];
    int records = Integer.parseInt(arguments[2]);
    JournalPlace place = place(folder);
    PrintStream out = System.out;
    out.println("ready");
    int written = 0;
    while (written < records) {
      try (Journal journal = Journal.open(place, record -> {})) {
        for (int g = 0; g < GROUPS_PER_OPENING && written < records; g++) {
          List<String> texts = new ArrayList<>();
          List<CompletionStage<Long>> stages = new ArrayList<>();
          for (int i = 0; i < GROUP; i++) {
            String text = name + "-" + written++;
            texts.add(text);
            stages.add(journal.append(TestJournal.TYPE, i % 4, text.getBytes(UTF_8)));
          }
          for (int i = 0; i < GROUP; i++) {
            out.println("ack " + TestJournal.await(stages.get(i)) + " " + texts.get(i));
          }
        }
      }
    }
    out.println("done");
  }

  /** Makes the vault and the journal. */
  static void prepare(Path folder) throws IOException, WardgateException {
    KeyStretching.off();
    Pkcs12Vault vault = Pkcs12Vault.create(folder.resolve("keys.p12"), UNLOCK);
    StateKeys.generate(InstantSource.system(), new SecureRandom()).storeIn(vault);
    KeyStretching.on();
    Journal.create(place(folder)).close();
  }

  static JournalPlace place(Path folder) throws IOException, WardgateException {
    Pkcs12Vault vault = Pkcs12Vault.open(folder.resolve("keys.p12"), UNLOCK);
    StateKeys keys = StateKeys.in(vault, new SecureRandom()).orElseThrow();
    return TestJournal.place(folder, keys, LIMITS);
  }
}

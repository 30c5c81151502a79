// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wardgate.state.Loss;
import java.util.ArrayList;
import java.util.List;

class SegmentFuzzTest {

  private static final byte[] KEY = new byte[SegmentHeader.KEY_BYTES];
  private static final long COMMITTED = 5;

  @FuzzTest
  void endsInRecordsOrTheirLoss(byte[] input) {
    SegmentHeader header =
        SegmentHeader.judge(input) == SegmentHeader.Verdict.SOUND
            ? SegmentHeader.parse(input)
            : new SegmentHeader(1, KEY, 1, 0, 1, 1, new byte[32], 0, KEY);
    List<JournalRecord> records = new ArrayList<>();
    List<Loss> losses = new ArrayList<>();
    SegmentScan.End end =
        new SegmentScan(header, KEY, input).scan(COMMITTED, true, records::add, losses);
    assertThat(end.next()).isGreaterThanOrEqualTo(header.first());
    assertThat(losses).allMatch(loss -> loss.first() <= loss.last() + 1);
    Notes.accepted(input);
    Notes.removedThrough(input);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.GeneralSecurityException;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.scandium.dtls.DTLSConnectionState;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.Record;
import org.eclipse.californium.scandium.dtls.SingleNodeConnectionIdGenerator;

/**
 * What the substrate reads of strangers: its exceptions end a record, nothing else may come out.
 */
class DtlsRecordFuzzTest {

  private final SingleNodeConnectionIdGenerator ids = new SingleNodeConnectionIdGenerator(6);

  @FuzzTest
  void everyDatagramEndsInRecordsOrAnException(byte[] input) {
    try {
      for (Record record : Record.fromReader(new DatagramReader(input, false), ids, 0)) {
        if (record.getEpoch() == 0) {
          record.decodeFragment(DTLSConnectionState.NULL);
          var unused = record.getFragment().toString();
        }
      }
    } catch (GeneralSecurityException | HandshakeException | RuntimeException e) {
      // The connector drops the record for any of them; an Error would stop its thread.
      return;
    }
  }
}

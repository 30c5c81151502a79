// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.identity.PreSharedKey;
import java.net.InetSocketAddress;
import java.util.Arrays;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;

/** Lends a sensor's one pre-shared key to its handshakes. */
final class SensorKey implements AdvancedPskStore {

  private final PreSharedKey key;

  SensorKey(PreSharedKey key) {
    this.key = key;
  }

  @Override
  public boolean hasEcdhePskSupported() {
    return true;
  }

  @Override
  public PskSecretResult requestPskSecretResult(
      ConnectionId cid,
      ServerNames serverName,
      PskPublicInformation identity,
      String hmacAlgorithm,
      SecretKey otherSecret,
      byte[] seed,
      boolean useExtendedMasterSecret) {
    byte[] secret = key.copyOfKey();
    try {
      return new PskSecretResult(
          cid, identity, SecretUtil.create(secret, PskSecretResult.ALGORITHM_PSK));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  @Override
  public PskPublicInformation getIdentity(InetSocketAddress peerAddress, ServerNames virtualHost) {
    return new PskPublicInformation(key.identity());
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    // Results are given at once.
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import java.io.ByteArrayOutputStream;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.X509EncodedKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One ECDSA signature that chooses at each init who computes it: the token for a key that has no
 * encoding, software for every other and for verifying.
 *
 * <p>The platform's own Signature object chooses once, at its first init, and Scandium keeps it for
 * the life of a thread and first verifies with it; a token's key would then never sign. Not
 * thread-safe, as any Signature.
 */
final class SignatureDispatch extends SignatureSpi {

  private final String algorithm;
  private final Provider software;
  private final @Nullable TokenSigning token;

  private @Nullable Signature computing;
  private @Nullable PrivateKey tokenKey;
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();

  SignatureDispatch(String algorithm, Provider software, @Nullable TokenSigning token) {
    this.algorithm = algorithm;
    this.software = software;
    this.token = token;
  }

  @Override
  protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
    tokenKey = null;
    try {
      computing = Signature.getInstance(algorithm, software);
      // Whoever made the object, its bytes are a key of any provider.
      computing.initVerify(
          KeyFactory.getInstance("EC", software)
              .generatePublic(new X509EncodedKeySpec(key.getEncoded())));
    } catch (InvalidKeyException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new InvalidKeyException("not an EC key", e);
    }
  }

  @Override
  protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
    if (key.getEncoded() == null) {
      if (token == null || !"EC".equals(key.getAlgorithm())) {
        throw new InvalidKeyException("no token is installed that could sign with this key");
      }
      tokenKey = key;
      computing = null;
      message.reset();
      return;
    }
    tokenKey = null;
    try {
      computing = Signature.getInstance(algorithm, software);
      computing.initSign(key);
    } catch (InvalidKeyException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new InvalidKeyException(algorithm, e);
    }
  }

  @Override
  protected void engineUpdate(byte b) throws SignatureException {
    engineUpdate(new byte[] {b}, 0, 1);
  }

  @Override
  protected void engineUpdate(byte[] bytes, int offset, int length) throws SignatureException {
    if (tokenKey != null) {
      message.write(bytes, offset, length);
    } else {
      initialised().update(bytes, offset, length);
    }
  }

  @Override
  protected byte[] engineSign() throws SignatureException {
    PrivateKey key = tokenKey;
    if (key == null || token == null) {
      return initialised().sign();
    }
    byte[] signed = message.toByteArray();
    message.reset();
    return token.sign(algorithm, key, signed);
  }

  @Override
  protected boolean engineVerify(byte[] signature) throws SignatureException {
    return initialised().verify(signature);
  }

  private Signature initialised() throws SignatureException {
    if (computing == null) {
      throw new SignatureException("not initialised");
    }
    return computing;
  }

  @Override
  protected @Nullable AlgorithmParameters engineGetParameters() {
    return null;
  }

  @Override
  @Deprecated
  protected void engineSetParameter(String name, Object value) {
    throw new InvalidParameterException("ECDSA has no parameters");
  }

  @Override
  @Deprecated
  protected Object engineGetParameter(String name) {
    throw new InvalidParameterException("ECDSA has no parameters");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.InvalidParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A token that fails or hangs holds nobody up, and is told apart from one that signs. */
class TokenSigningTest {

  private static final String ALGORITHM = "SHA256withECDSA";
  private static final byte[] SIGNED = {4, 2};

  private final List<TokenHealth.State> told = new ArrayList<>();
  private Callable<byte[]> token = () -> SIGNED;
  private final TokenSigning signing =
      new TokenSigning(new FakeToken(), Duration.ofMillis(200), System::nanoTime);

  @AfterEach
  void close() {
    signing.close();
  }

  @Test
  void aTokenThatFailsIsDegradedUntilItSignsAgain() throws Exception {
    signing.health().whenChanged(told::add);
    assertThat(sign()).isEqualTo(SIGNED);
    token =
        () -> {
          throw new SignatureException("gone");
        };
    assertThatThrownBy(this::sign).isInstanceOf(TokenFailure.class);
    assertThatThrownBy(this::sign).isInstanceOf(TokenFailure.class);
    assertThat(signing.health().state()).isEqualTo(TokenHealth.State.DEGRADED);
    token = () -> SIGNED;
    assertThat(sign()).isEqualTo(SIGNED);
    assertThat(told).containsExactly(TokenHealth.State.DEGRADED, TokenHealth.State.OK);
  }

  @Test
  void aTokenThatHangsHoldsAFewThreadsAndNobodyForLong() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    token =
        () -> {
          hanging.await();
          return SIGNED;
        };
    for (int i = 0; i <= TokenSigning.AT_ONCE; i++) {
      assertThatThrownBy(this::sign).isInstanceOf(TokenFailure.class);
    }
    assertThat(signing.health().state()).isEqualTo(TokenHealth.State.DEGRADED);
    hanging.countDown();
  }

  @Test
  void whatCannotEvenBeginTakesNoPermitWithIt() {
    signing.close();
    for (int i = 0; i <= TokenSigning.AT_ONCE; i++) {
      assertThatThrownBy(this::sign)
          .isInstanceOf(TokenFailure.class)
          .hasCauseInstanceOf(RejectedExecutionException.class);
    }
    assertThat(signing.health().state()).isEqualTo(TokenHealth.State.DEGRADED);
  }

  private byte[] sign() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
    return signing.sign(ALGORITHM, pair.getPrivate(), new byte[] {1});
  }

  /** Signs as the test says. */
  private final class FakeToken extends Provider {
    private static final long serialVersionUID = 1L;

    FakeToken() {
      super("FakeToken", "1", "a token of a test");
      putService(
          new Service(this, "Signature", ALGORITHM, FakeSignature.class.getName(), null, null) {
            @Override
            public Object newInstance(@Nullable Object parameter) {
              return new FakeSignature();
            }
          });
    }
  }

  private final class FakeSignature extends SignatureSpi {

    @Override
    protected void engineInitVerify(PublicKey key) {}

    @Override
    protected void engineInitSign(PrivateKey key) {}

    @Override
    protected void engineUpdate(byte b) {}

    @Override
    protected void engineUpdate(byte[] bytes, int offset, int length) {}

    @Override
    protected byte[] engineSign() throws SignatureException {
      try {
        return token.call();
      } catch (SignatureException e) {
        throw e;
      } catch (Exception e) {
        throw new SignatureException(e);
      }
    }

    @Override
    protected boolean engineVerify(byte[] signature) {
      return false;
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {}

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
      throw new InvalidParameterException(name);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/**
 * The only two calls of Wardgate that change the order of security providers of the whole JVM. The
 * application makes them, early and knowingly; nothing else does.
 *
 * <p>Both put one provider of ours first. It serves ECDSA signatures, and after {@link
 * #installFasterEc} also EC key generation and key agreement; digests, ciphers, certificate
 * factories, TLS and PKCS#11 stay with whoever served them. Thread-safe.
 */
public final class JvmProviders {

  /** What ours is called. */
  public static final String NAME = "Wardgate";

  /** Who stands first in a JVM nobody has changed. */
  private static final Set<String> UNCHANGED = Set.of("SUN", NAME);

  private static final List<String> SIGNATURES =
      List.of("SHA256withECDSA", "SHA384withECDSA", "SHA512withECDSA");

  /** Services that arithmetic on curves is; all others stay where they are. */
  private static final Map<String, List<String>> CURVES =
      Map.of("KeyPairGenerator", List.of("EC"), "KeyAgreement", List.of("ECDH"));

  private static @Nullable TokenSigning token;
  private static boolean faster;

  private JvmProviders() {}

  /**
   * Lets every user of ECDSA in this JVM sign with keys of {@code vault}, Scandium above all. Does
   * nothing if that is so already; another vault takes the place of the one before.
   *
   * @throws WardgateException {@link Reason#PROVIDER_ORDER_TAKEN} if neither the JDK's own provider
   *     nor ours stands first; then nothing has changed
   */
  public static synchronized void installTokenSignatures(Pkcs11Vault vault)
      throws WardgateException {
    install(vault.signing(), faster);
  }

  /**
   * Lets a faster provider compute on curves: Amazon Corretto Crypto Provider where it is on the
   * class path and its native library loads, else Bouncy Castle. Does nothing if that is so
   * already.
   *
   * @throws WardgateException as for {@link #installTokenSignatures}
   */
  public static synchronized void installFasterEc() throws WardgateException {
    install(token, true);
  }

  /** Takes back what was installed; does nothing if nothing was. */
  public static synchronized void uninstall() {
    Security.removeProvider(NAME);
    token = null;
    faster = false;
  }

  private static void install(@Nullable TokenSigning signing, boolean fasterEc)
      throws WardgateException {
    String first = Security.getProviders()[0].getName();
    if (!UNCHANGED.contains(first)) {
      throw new WardgateException(Reason.PROVIDER_ORDER_TAKEN, first + " stands first");
    }
    boolean isThere = first.equals(NAME);
    if (isThere && signing == token && fasterEc == faster) {
      return;
    }
    Provider next = fasterEc ? fasterProvider() : Security.getProvider("SunEC");
    Security.removeProvider(NAME);
    Security.insertProviderAt(new Ours(next, signing, fasterEc), 1);
    token = signing;
    faster = fasterEc;
  }

  private static Provider fasterProvider() {
    for (Provider provider : ServiceLoader.load(Provider.class)) {
      if (provider.getName().equals("AmazonCorrettoCryptoProvider")
          && provider.getService("KeyAgreement", "ECDH") != null) {
        return provider;
      }
    }
    return new BouncyCastleProvider();
  }

  /** The provider that stands first. */
  private static final class Ours extends Provider {

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("this-escape") // a provider fills itself while it is made
    Ours(Provider software, @Nullable TokenSigning signing, boolean fasterEc) {
      super(NAME, "1", "ECDSA by a token or by " + software.getName());
      for (String algorithm : SIGNATURES) {
        putService(
            new Service(
                this, "Signature", algorithm, SignatureDispatch.class.getName(), null, null) {
              @Override
              public Object newInstance(@Nullable Object parameter) {
                return new SignatureDispatch(algorithm, software, signing);
              }

              @Override
              public boolean supportsParameter(Object key) {
                return true;
              }
            });
      }
      if (fasterEc) {
        CURVES.forEach(
            (type, algorithms) ->
                algorithms.forEach(
                    algorithm -> {
                      Service theirs = software.getService(type, algorithm);
                      if (theirs != null) {
                        putService(new Lent(this, theirs, algorithm));
                      }
                    }));
      }
    }
  }

  /** A service of another provider under our name. */
  private static final class Lent extends Provider.Service {

    private final Provider.Service theirs;

    Lent(Provider ours, Provider.Service theirs, String algorithm) {
      super(ours, theirs.getType(), algorithm, theirs.getClassName(), null, null);
      this.theirs = theirs;
    }

    @Override
    public Object newInstance(@Nullable Object parameter)
        throws java.security.NoSuchAlgorithmException {
      return theirs.newInstance(parameter);
    }

    @Override
    public boolean supportsParameter(Object parameter) {
      return theirs.supportsParameter(parameter);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

/** What an authority is trusted for; it is trusted for nothing else. */
public enum AnchorPurpose {
  /**
   * Names devices when they are made, by an IDevID (IEEE 802.1AR). Such a certificate opens
   * enrolment and nothing else. It need not say what it is for, because 802.1AR would rather have
   * it say nothing; if it does, it must be for clients.
   */
  MANUFACTURER(CertificatePath.CLIENT_AUTH, false),
  /** Names devices where they work, by an LDevID for clients. */
  OPERATOR(CertificatePath.CLIENT_AUTH, true),
  /** Names gateways, by a certificate for servers. */
  GATEWAY(CertificatePath.SERVER_AUTH, true);

  private final String extendedKeyUsage;
  private final boolean mustSay;

  AnchorPurpose(String extendedKeyUsage, boolean mustSay) {
    this.extendedKeyUsage = extendedKeyUsage;
    this.mustSay = mustSay;
  }

  /** The extended key usage an end entity has. */
  String extendedKeyUsage() {
    return extendedKeyUsage;
  }

  /** Whether an end entity must have it, or may say nothing. */
  boolean mustSay() {
    return mustSay;
  }
}

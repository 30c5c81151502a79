// SPDX-License-Identifier: Apache-2.0
package io.wardgate;

import java.util.Locale;

/**
 * Why something was refused. The {@link #code() kebab-case name} is a contract: it appears in
 * security events, on the command line and in logs, is listed in {@code docs/reasons.md}, and is
 * never renamed or reused.
 *
 * <p>A peer never learns the reason; it sees a short, uniform refusal.
 */
public enum Reason {
  // Who is there: the handshake.
  /** The peer offered no credential. */
  NO_CREDENTIAL("the peer offered no credential of its own"),
  /** No configured trust anchor vouches for the certificate. */
  UNKNOWN_AUTHORITY("no configured trust anchor vouches for the certificate"),
  /** The certificate's last day is past. */
  CERTIFICATE_EXPIRED("a certificate in the chain is past its notAfter"),
  /** The certificate's first day is still to come. */
  CERTIFICATE_NOT_YET_VALID("a certificate in the chain is before its notBefore"),
  /** The certificate was issued for something else. */
  CERTIFICATE_WRONG_PURPOSE("key usage or extended key usage does not allow this use"),
  /** The chain does not hold together. */
  CERTIFICATE_CHAIN_INVALID("a signature, constraint or length in the chain is wrong"),
  /** The certificate names no device by the documented rule. */
  IDENTITY_MISSING("the certificate does not name exactly one valid device serial"),
  /** The device is not, or no longer, registered as active here. */
  DEVICE_NOT_REGISTERED("the device holds a valid credential but is not registered here"),
  /** Nobody here knows that pre-shared-key identity. */
  PSK_IDENTITY_UNKNOWN("no device is registered under that pre-shared-key identity"),
  /** The gateway's certificate does not carry the configured name. */
  GATEWAY_NAME_MISMATCH("the gateway's certificate does not carry the expected name"),
  /** No cipher suite, group or signature algorithm in common. */
  NO_COMMON_SUITE("the peer offers no cipher suite, group or signature algorithm allowed here"),
  /** The peer speaks another version of DTLS. */
  UNSUPPORTED_VERSION("the peer does not offer DTLS 1.2"),
  /** The handshake ended for another cause: wrong key, lost link, corrupted record. */
  HANDSHAKE_FAILED("the handshake did not complete: wrong key, lost link or corrupted record"),

  // What the house stands on: keys, state, runtime.
  /** The unlock secret does not open the vault, or the vault is damaged. */
  VAULT_LOCKED("the unlock secret does not open the key vault, or the vault is damaged"),
  /** A file of the gateway's state is not what was written. */
  STATE_DAMAGED("a file of the gateway's state is not what was written"),
  /** A file of the gateway's state cannot be read or written. */
  STATE_UNAVAILABLE("a file of the gateway's state cannot be read or written"),
  /** A device of that id is registered already. */
  DEVICE_ALREADY_REGISTERED("a device of that id is registered already"),
  /** This Java runtime or operating system is one Wardgate does not run on. */
  RUNTIME_UNFIT("this Java runtime or operating system is one Wardgate does not run on"),
  /** The address to serve or reach cannot be used. */
  TRANSPORT_UNAVAILABLE("the network address cannot be opened or reached"),

  /** The uplink cannot take readings now. */
  UPLINK_UNAVAILABLE("the uplink cannot take readings now"),

  // What a sensor keeps: its buffer.
  /** The sensor's buffer was full and this was the first to go by the shedding rule. */
  BUFFER_SHED("the sensor's buffer was full and this was the first to go"),
  /** Closed before this could be delivered. */
  CLOSED("closed before this could be delivered"),
  /** The gateway answered that it does not take this; trying again would not help. */
  REFUSED_BY_GATEWAY("the gateway answered that it does not take this"),

  // What it may do: the request.
  /** The device's role may not do this to that resource. */
  ROLE_NOT_ALLOWED("the device's role may not do this to that resource"),
  /** The role may do this, but nothing is served there. */
  RESOURCE_UNKNOWN("the role may do this, but nothing is served there"),
  /** The resource does not take this content-format. */
  CONTENT_FORMAT_UNSUPPORTED("the resource does not take this content-format"),
  /** The body is above the resource's limit. */
  BODY_TOO_LARGE("the body is above the resource's limit"),
  /** A block arrived that continues nothing, or in the wrong place. */
  BLOCK_OUT_OF_SEQUENCE("a block arrived that continues nothing or skips a place"),
  /** Too much work is outstanding, for this device or in total. */
  OVERLOADED("too much work is outstanding, for this device or in total"),

// What it says: the reading.
;

  private final String meaning;

  Reason(String meaning) {
    this.meaning = meaning;
  }

  /** The stable kebab-case name, for example {@code unknown-authority}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** One line for people; may change. */
  public String meaning() {
    return meaning;
  }
}

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
  /** A certificate is not encoded or filled in as RFC 5280 has it. */
  CERTIFICATE_MALFORMED("a certificate in the chain is not of the form RFC 5280 gives it"),
  /** An authority above does not permit a name in a certificate below it. */
  NAME_NOT_PERMITTED("an authority above does not permit a name in a certificate below it"),
  /** A certificate, or its key, was revoked by its authority or is denied here. */
  CERTIFICATE_REVOKED("a certificate in the chain was revoked by its authority or is denied here"),
  /** The revocation list that should say whether a certificate is good is missing or overdue. */
  REVOCATION_UNKNOWN("the revocation list of a certificate's authority is missing or overdue"),
  /** A revocation list is malformed, partial, or not signed by an authority trusted here. */
  CRL_UNUSABLE("the revocation list is malformed, partial, or of no authority trusted here"),
  /** A revocation list with a higher number was taken before. */
  CRL_OLDER("a revocation list of that authority with a higher number was taken before"),
  /** The certificate names no device by the documented rule. */
  IDENTITY_MISSING("the certificate does not name exactly one valid device serial"),
  /** The device is not, or no longer, registered as active here. */
  DEVICE_NOT_REGISTERED("the device holds a valid credential but is not registered here"),
  /** The device is suspended here. */
  DEVICE_SUSPENDED("the device is suspended here"),
  /** The device was revoked here. */
  DEVICE_REVOKED("the device was revoked here"),
  /** The device was retired here. */
  DEVICE_RETIRED("the device was retired here"),
  /** The device is registered with another key: a clone, or a credential never handed over. */
  KEY_NOT_REGISTERED("the device is registered with another key than the one it came with"),
  /** A manufacturer's certificate opens enrolment and nothing else. */
  ENROLMENT_ONLY("a manufacturer's certificate opens enrolment and nothing else"),
  /** It is not among the devices that are expected, and waits for an operator. */
  ENROLMENT_WAITS("the device is not expected: it waits for an operator"),
  /** Nobody of that id waits to be enrolled. */
  ENROLMENT_UNKNOWN("no device of that id waits to be enrolled"),
  /** An operator has denied it. */
  ENROLMENT_DENIED("an operator has denied the device its enrolment"),
  /** Enrolment is for manufacturers' certificates, renewal for operators'. */
  ENROLMENT_CREDENTIAL_WRONG(
      "a manufacturer's certificate opens enrolment and an operator's renewal, not the reverse"),
  /** The authority here names no devices of that namespace. */
  ENROLMENT_NOT_OFFERED("the authority here certifies no devices of that namespace"),
  /** What an enrolment server answered is not what it should have. */
  EST_ANSWER_MALFORMED("the answer of the enrolment server is not what was asked for"),
  /** The authority gave something else than was asked for, or nothing. */
  AUTHORITY_FAILED("the authority gave no certificate, or another one than was asked for"),
  /** The private half of a certificate's key is printed somewhere for all to read. */
  KEY_PUBLICLY_KNOWN("the private half of a certificate's key is printed for all to read"),
  /** A pre-shared key is one that can be guessed, looked up or worked out. */
  PRE_SHARED_KEY_WEAK("a pre-shared key is one that can be guessed, looked up or worked out"),
  /** Nobody here knows that pre-shared-key identity. */
  PSK_IDENTITY_UNKNOWN("no device is registered under that pre-shared-key identity"),
  /** That source failed to prove that identity too often, and is not listened to for a while. */
  TOO_MANY_ATTEMPTS("that source failed to prove that identity too often in a short time"),
  /** The home is being erased, and is no home any more. */
  HOME_ERASING("the gateway home is half erased; erasing it goes on when it is asked for again"),
  /** There is no place for one more handshake, or for one more from there. */
  HANDSHAKES_FULL("there is no place for one more handshake, or none for one more from there"),
  /** There is no place for one more session, and nobody is silent whose place could be taken. */
  SESSIONS_FULL("there is no place for one more session, and none that is silent could end"),
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
  /** A time that cannot be true by what is known. */
  TIME_NOT_BELIEVED("a time that is before what is known to be past, or far ahead of it"),
  /** The token cannot be reached, or does not sign. */
  TOKEN_UNAVAILABLE("the hardware token cannot be reached, or does not sign"),
  /** The token refused its PIN; it was tried once. */
  TOKEN_PIN_WRONG("the hardware token refused the PIN; it was tried once and is not tried again"),
  /** The token holds no key for the certificate. */
  TOKEN_KEY_MISSING("the hardware token holds no key for the certificate"),
  /** Something else stands first among the JVM's security providers. */
  PROVIDER_ORDER_TAKEN("something else stands first among the JVM's security providers"),
  /** A file of the gateway's state is not what was written. */
  STATE_DAMAGED("a file of the gateway's state is not what was written"),
  /** A file of the gateway's state cannot be read or written. */
  STATE_UNAVAILABLE("a file of the gateway's state cannot be read or written"),
  /** The state ends before what was once acknowledged: an older copy, or a cut one. */
  STATE_ROLLED_BACK("the gateway's state is older than what it once acknowledged"),
  /** The state lies elsewhere than where it was written: a copy. */
  STATE_COPIED("the gateway's state is a copy, and nobody has said that it takes over"),
  /** A file of the state was written by a newer version; it is left as it is. */
  STATE_NEWER("a file of the gateway's state is of a newer format than this version knows"),
  /** The state has grown to its limit. */
  STATE_FULL("the gateway's state has reached its limit"),
  /** A backup is not, or no longer, what was backed up. */
  BACKUP_DAMAGED("the backup is not, or no longer, what was backed up"),
  /** The unlock secret lies inside the home it opens. */
  UNLOCK_SECRET_IN_HOME("the unlock secret lies inside the home it opens"),
  /** No unlock secret was given, and none lies beside the home. */
  UNLOCK_SECRET_MISSING("no unlock secret was given, and none lies beside the home"),
  /** Others than its owner can read the unlock secret. */
  UNLOCK_SECRET_EXPOSED("others than its owner can read the unlock secret"),
  /** The unlock secret is not 32 random bytes in base64url. */
  UNLOCK_SECRET_WEAK("the unlock secret is not 32 random bytes in base64url"),
  /** Another process holds the gateway home. */
  HOME_IN_USE("another process holds the gateway home"),
  /** The gateway home is open to others, or belongs to somebody else. */
  HOME_EXPOSED("the gateway home is open to others, or belongs to somebody else"),
  /** The configuration says something it may not. */
  CONFIG_INVALID("the configuration says something it may not"),
  /** Something given to be judged is not of the documented form. */
  INPUT_INVALID("what was given to be judged is not of the documented form"),
  /** A file that should hold certificates holds something else. */
  CERTIFICATE_UNREADABLE("a file that should hold certificates holds something else"),
  /** A public key is not one that certificates are issued for. */
  KEY_UNSUITABLE("a public key is not an EC key on P-256"),
  /** The certification request is malformed, or larger than one may be. */
  CSR_MALFORMED("the certification request is malformed, or larger than one may be"),
  /** Whoever made the certification request does not hold the key in it. */
  CSR_SIGNATURE_INVALID("the certification request is not signed with the key in it"),
  /** The certification request names another device than the one it is made for. */
  CSR_IDENTITY_MISMATCH("the certification request names another device than it is made for"),
  /** Nobody who may has authorised the batch. */
  BATCH_UNAUTHORISED("the batch is not signed by who authorises batches here"),
  /** What is signed is no authorisation of a batch. */
  BATCH_MALFORMED("the authorisation of a batch is malformed"),
  /** The batch may not be made now. */
  BATCH_NOT_VALID("the batch may not be made at this time"),
  /** The batch may be made elsewhere only. */
  BATCH_OTHER_STATION("the batch may be made at another station only"),
  /** A batch of that id was opened here before. */
  BATCH_KNOWN("a batch of that id was opened before"),
  /** One batch at a time. */
  BATCH_OPEN("another batch is open"),
  /** The batch is not open. */
  BATCH_NOT_OPEN("that batch is not open"),
  /** The batch has all its devices. */
  BATCH_COUNT_REACHED("the batch has as many devices as it may have"),
  /** What was produced is not what was issued. */
  BATCH_NOT_RECONCILED("what was produced is not what credentials were issued for"),
  /** A device of that id is registered already. */
  DEVICE_ALREADY_REGISTERED("a device of that id is registered already"),
  /** That public key, or pre-shared-key identity, was given out before. */
  KEY_ALREADY_ISSUED("that public key or pre-shared-key identity was given out before"),
  /** That authority gave out a certificate of that serial number before. */
  CERTIFICATE_SERIAL_ALREADY_ISSUED("a certificate of that serial number was given out before"),
  /** That pre-shared key was given out before, under whatever identity. */
  PRE_SHARED_KEY_ALREADY_ISSUED("that pre-shared key was given out before"),
  /** A device in this state cannot go to that one: what is revoked stays revoked. */
  DEVICE_STATE_FINAL("the device's state does not allow this change"),
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

  // How long it may go on: the session.
  /** The session is older than sessions may be. */
  SESSION_TOO_OLD("the session is older than sessions may be here"),
  /** The session was silent for longer than sessions may be. */
  SESSION_IDLE_TOO_LONG("the session was silent for longer than sessions may be here"),
  /** The session has carried as many records as its keys are good for. */
  SESSION_RECORDS_SPENT("the session has carried as many records as its keys are good for"),

  // What it may do: the request.
  /** The device's role may not do this to that resource. */
  ROLE_NOT_ALLOWED("the device's role may not do this to that resource"),
  /** The role may do this, but nothing is served there. */
  RESOURCE_UNKNOWN("the role may do this, but nothing is served there"),
  /** A command came without showing that it was made just now. */
  ECHO_MISSING("a command came without the Echo that shows it was made just now"),
  /** A command was held back, repeated, or made in another session. */
  REQUEST_NOT_FRESH("a command was held back too long, repeated, or made in another session"),
  /** The resource does not take this content-format. */
  CONTENT_FORMAT_UNSUPPORTED("the resource does not take this content-format"),
  /** The body is above the resource's limit. */
  BODY_TOO_LARGE("the body is above the resource's limit"),
  /** A block arrived that continues nothing, or in the wrong place. */
  BLOCK_OUT_OF_SEQUENCE("a block arrived that continues nothing or skips a place"),
  /** Too much work is outstanding, for this device or in total. */
  OVERLOADED("too much work is outstanding, for this device or in total"),

  // What it says: the reading.
  /** The CBOR ends inside an item. */
  CBOR_TRUNCATED("the CBOR ends before the item or length it announces"),
  /** A CBOR number, length or tag is longer than it need be. */
  CBOR_NOT_SHORTEST_FORM("a CBOR number, length or tag is not in its shortest form"),
  /** A CBOR item does not say how long it is. */
  CBOR_INDEFINITE_LENGTH("a CBOR item of indefinite length"),
  /** CBOR uses an encoding that has no meaning yet. */
  CBOR_RESERVED_ENCODING("a CBOR initial byte or simple value that is reserved"),
  /** CBOR is nested above the limit. */
  CBOR_TOO_DEEP("CBOR arrays, maps and tags are nested above the limit"),
  /** A CBOR string, array or map is above its limit. */
  CBOR_TOO_LONG("a CBOR string, array or map is above its limit"),
  /** A CBOR item is not of the type that belongs there. */
  CBOR_UNEXPECTED_TYPE("a CBOR item is not of the type that belongs there"),
  /** A CBOR number does not fit where it stands. */
  CBOR_NUMBER_OUT_OF_RANGE("a CBOR number does not fit where it stands"),
  /** A CBOR text is not UTF-8. */
  CBOR_INVALID_UTF8("a CBOR text string is not valid UTF-8"),
  /** A CBOR map has the same key twice. */
  CBOR_DUPLICATE_KEY("a CBOR map has the same key twice"),
  /** Bytes follow the CBOR item. */
  CBOR_TRAILING_BYTES("bytes follow the CBOR item"),
  /** The JSON ends inside a value. */
  JSON_TRUNCATED("the JSON ends inside a value"),
  /** The bytes are not JSON. */
  JSON_SYNTAX("the bytes do not follow the grammar of JSON"),
  /** JSON is nested above the limit. */
  JSON_TOO_DEEP("JSON arrays and objects are nested above the limit"),
  /** A JSON string or number is above its limit. */
  JSON_TOO_LONG("a JSON string or number is above its limit"),
  /** A JSON value is not of the type that belongs there. */
  JSON_UNEXPECTED_TYPE("a JSON value is not of the type that belongs there"),
  /** A JSON number does not fit a double. */
  JSON_NUMBER_OUT_OF_RANGE("a JSON number is too large or too small for a double"),
  /** A JSON string is not Unicode text. */
  JSON_INVALID_TEXT("a JSON string is not UTF-8 or holds half of a surrogate pair"),
  /** A JSON object has the same name twice. */
  JSON_DUPLICATE_NAME("a JSON object has the same name twice"),
  /** Bytes follow the JSON value. */
  JSON_TRAILING_BYTES("bytes follow the JSON value"),
  /** The pack is above the limit in bytes. */
  SENML_TOO_LARGE("the SenML pack is above the limit in bytes"),
  /** The pack is empty. */
  SENML_NO_RECORD("the SenML pack holds no record"),
  /** The pack has more records than the limit. */
  SENML_TOO_MANY_RECORDS("the SenML pack holds more records than the limit"),
  /** A SenML label in CBOR is one that RFC 8428 rules out. */
  SENML_LABEL_UNKNOWN("a SenML label that RFC 8428 rules out in CBOR"),
  /** The pack requires an extension nobody here knows. */
  SENML_EXTENSION_NOT_UNDERSTOOD(
      "the SenML record requires an extension that is not understood here"),
  /** The pack is of another SenML version. */
  SENML_VERSION_UNSUPPORTED("the SenML version is not understood here, or differs between records"),
  /** A record has neither name nor base name. */
  SENML_NAME_MISSING("the SenML record has neither name nor base name"),
  /** A name holds what RFC 8428 does not allow in one. */
  SENML_NAME_INVALID("the SenML name holds a character that RFC 8428 does not allow there"),
  /** A name or unit is above its limit. */
  SENML_NAME_TOO_LONG("the SenML name or unit is above the limit"),
  /** A record has neither value nor sum. */
  SENML_VALUE_MISSING("the SenML record has neither value nor sum"),
  /** A record has more than one value. */
  SENML_VALUE_AMBIGUOUS("the SenML record has more than one value"),
  /** A text or data value is above its limit. */
  SENML_VALUE_TOO_LONG("the SenML text or data value is above the limit"),
  /** A number is infinite or not a number. */
  SENML_VALUE_NOT_FINITE("a SenML number is, or adds up to, infinity or not-a-number"),
  /** A data value in JSON is not base64url. */
  SENML_DATA_NOT_BASE64URL("the SenML data value is not base64url without padding"),
  /** The time is too far from now. */
  SENML_TIME_OUTSIDE_WINDOW("the SenML time is further from the time of receipt than the limit"),
  /** The waveform block is of another version. */
  WAVEFORM_VERSION_UNKNOWN("the waveform block is of a version not known here"),
  /** The waveform block is not as long as it says. */
  WAVEFORM_LENGTH_MISMATCH("the waveform block is shorter or longer than it announces"),
  /** The waveform block has more samples than the limit. */
  WAVEFORM_TOO_LONG("the waveform block holds more samples than the limit"),
  /** The waveform block cannot be scaled. */
  WAVEFORM_SCALE_INVALID(
      "the waveform block has no period, or a scale or offset that makes no number");

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

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.util.OptionalInt;

/** The two encodings of SenML (RFC 8428) read and written here. */
public enum SenmlFormat {
  /** CBOR, section 6. */
  SENML_CBOR(112, "senml+cbor"),
  /** JSON, section 5. */
  SENML_JSON(110, "senml+json");

  private final int contentFormat;
  private final String subtype;

  SenmlFormat(int contentFormat, String subtype) {
    this.contentFormat = contentFormat;
    this.subtype = subtype;
  }

  /**
   * The format a CoAP request declares.
   *
   * @throws WardgateException {@link Reason#CONTENT_FORMAT_UNSUPPORTED} if it declares none or
   *     another
   */
  public static SenmlFormat of(OptionalInt contentFormat) throws WardgateException {
    for (SenmlFormat format : values()) {
      if (contentFormat.isPresent() && contentFormat.getAsInt() == format.contentFormat) {
        return format;
      }
    }
    throw new WardgateException(
        Reason.CONTENT_FORMAT_UNSUPPORTED,
        contentFormat.isPresent() ? "content-format " + contentFormat.getAsInt() : "none declared");
  }

  /** The number in CoAP's Content-Format option. */
  public int contentFormat() {
    return contentFormat;
  }

  /** The media type behind {@code application/}. */
  public String subtype() {
    return subtype;
  }
}

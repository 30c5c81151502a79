// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.json.JsonReader;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** SenML in JSON (RFC 8428 section 5). */
final class SenmlJsonSource implements SenmlSource {

  private static final int ANY = Integer.MAX_VALUE;

  private final JsonReader reader;

  SenmlJsonSource(byte[] payload, int maxDepth) throws WardgateException {
    reader = new JsonReader(payload, maxDepth);
    reader.beginArray();
  }

  @Override
  public boolean nextRecord() throws WardgateException {
    if (!reader.nextElement()) {
      return false;
    }
    reader.beginObject();
    return true;
  }

  @Override
  public @Nullable SenmlField nextField() throws WardgateException {
    while (true) {
      int at = reader.offset();
      String label = reader.nextName(ANY);
      if (label == null) {
        return null;
      }
      SenmlField field = SenmlField.ofLabel(label);
      if (field != null) {
        return field;
      }
      if (SenmlSource.mustBeUnderstood(label)) {
        throw new ReadingRefusedException(
            Reason.SENML_EXTENSION_NOT_UNDERSTOOD, at, "a label that ends with _");
      }
      reader.skip();
    }
  }

  @Override
  public String text() throws WardgateException {
    return reader.readText(ANY);
  }

  @Override
  public double number() throws WardgateException {
    return reader.readDouble();
  }

  @Override
  public boolean flag() throws WardgateException {
    return reader.readBoolean();
  }

  @Override
  public byte[] data() throws WardgateException {
    int at = reader.offset();
    String text = reader.readText(ANY);
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      // The decoder lets padding and stray bits pass; two texts must not be the same data.
      if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Falls through: what is wrong with it is the peer's to find out.
    }
    throw new ReadingRefusedException(Reason.SENML_DATA_NOT_BASE64URL, at, "a data value");
  }

  @Override
  public void end() throws WardgateException {
    reader.end();
  }

  @Override
  public int offset() {
    return reader.offset();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.Pem;
import io.wardgate.json.JsonReader;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one case from a line of JSON. What it says of itself is known as far as it was read, so
 * that a refusal names the case it is about. Used once.
 */
final class PeerCaseReader {

  private static final int MAX_DEPTH = 4;
  private static final int MAX_NAME = 64;
  private static final int MAX_ID = 1024;
  private static final int MAX_PEM = 8 << 20;

  /** More than any case needs, and what keeps one line from filling the memory. */
  private static final int MAX_ITEMS = 256;

  private String id = "-";
  private List<String> anchors = List.of();
  private List<String> intermediates = List.of();
  private List<String> crls = List.of();
  private @Nullable List<String> chain;
  private @Nullable String at;
  private @Nullable String purpose;

  /** The case's id on one line; a dash as long as none was read. */
  String id() {
    return id;
  }

  /**
   * Reads a line; members it does not know are passed over.
   *
   * @throws WardgateException if it is not JSON, not a case, or a part of it does not parse
   */
  PeerCase read(byte[] line) throws WardgateException {
    JsonReader in = new JsonReader(line, MAX_DEPTH);
    in.beginObject();
    for (String name = in.nextName(MAX_NAME); name != null; name = in.nextName(MAX_NAME)) {
      switch (name) {
        case "id" -> id = oneLine(in.readText(MAX_ID));
        case "anchors" -> anchors = texts(in);
        case "intermediates" -> intermediates = texts(in);
        case "crls" -> crls = texts(in);
        case "chain" -> chain = texts(in);
        case "at" -> at = in.readText(MAX_NAME);
        case "purpose" -> purpose = in.readText(MAX_NAME);
        default -> in.skip();
      }
    }
    in.end();
    if (chain == null || at == null || purpose == null) {
      throw new WardgateException(Reason.INPUT_INVALID, "chain, at and purpose are required");
    }
    List<byte[]> lists = new ArrayList<>();
    for (String crl : crls) {
      lists.add(Pem.revocationList(crl.getBytes(UTF_8)));
    }
    return new PeerCase(
        certificates(anchors),
        certificates(intermediates),
        lists,
        certificates(chain),
        instant(at),
        PeerCase.Purpose.of(purpose)
            .orElseThrow(
                () ->
                    new WardgateException(
                        Reason.INPUT_INVALID, "purpose is one of " + PeerCase.Purpose.NAMES)));
  }

  /**
   * A moment in ISO 8601.
   *
   * @throws WardgateException {@link Reason#INPUT_INVALID}
   */
  static Instant instant(String text) throws WardgateException {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new WardgateException(
          Reason.INPUT_INVALID, "a moment looks like 2026-11-26T12:00:00Z", e);
    }
  }

  private static List<String> texts(JsonReader in) throws WardgateException {
    List<String> texts = new ArrayList<>();
    in.beginArray();
    while (in.nextElement()) {
      if (texts.size() == MAX_ITEMS) {
        throw new WardgateException(Reason.INPUT_INVALID, "more than " + MAX_ITEMS + " items");
      }
      texts.add(in.readText(MAX_PEM));
    }
    return texts;
  }

  private static List<X509Certificate> certificates(List<String> pems) throws WardgateException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (String pem : pems) {
      certificates.addAll(Pem.certificates(pem.getBytes(UTF_8)));
    }
    return certificates;
  }

  static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }
}

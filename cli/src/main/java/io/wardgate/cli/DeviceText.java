// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.json.JsonWriter;
import io.wardgate.registry.Cause;
import io.wardgate.registry.IssuedCertificate;
import io.wardgate.registry.IssuedCredential;
import io.wardgate.registry.IssuedPreSharedKey;
import io.wardgate.registry.LedgerView.Change;
import io.wardgate.registry.Registration;
import java.util.ArrayList;
import java.util.List;

/** Devices as the command line prints them. Fingerprints only: no key is there to be printed. */
final class DeviceText {

  /** Enough to tell the keys of a ward apart by eye. */
  private static final int PREFIX = 16;

  private DeviceText() {}

  /** Id, role, state, since, and how its first key's fingerprint begins. */
  static String line(Registration device) {
    return String.join(
        " ",
        device.device().toString(),
        device.role().name(),
        device.state().code(),
        device.since().toString(),
        device.credentials().stream()
            .findFirst()
            .map(credential -> credential.key().hex().substring(0, PREFIX))
            .orElse("-"));
  }

  /** What it is, a line for each credential, a line for each change. */
  static List<String> lines(Registration device, List<Change> history) {
    List<String> lines = new ArrayList<>();
    lines.add("device " + device.device());
    lines.add("role " + device.role());
    lines.add("state " + device.state().code());
    lines.add("since " + device.since());
    device.credentials().forEach(credential -> lines.add("credential " + text(credential)));
    for (Change change : history) {
      lines.add(
          "entry "
              + change.sequence()
              + " "
              + change.time()
              + " "
              + change.entry()
              + change.cause().map(cause -> " " + cause.code()).orElse(""));
    }
    return lines;
  }

  static String json(Registration device) {
    JsonWriter out = new JsonWriter().beginObject();
    members(out, device);
    return out.endObject().toString();
  }

  static String json(Registration device, List<Change> history) {
    JsonWriter out = new JsonWriter().beginObject();
    members(out, device);
    out.name("history").beginArray();
    for (Change change : history) {
      out.beginObject();
      out.name("sequence").number((double) change.sequence());
      out.name("time").text(change.time().toString());
      out.name("entry").text(change.entry());
      out.name("cause");
      change.cause().map(Cause::code).ifPresentOrElse(out::text, out::nil);
      out.endObject();
    }
    out.endArray();
    return out.endObject().toString();
  }

  private static void members(JsonWriter out, Registration device) {
    out.name("device").text(device.device().toString());
    out.name("role").text(device.role().name());
    out.name("state").text(device.state().code());
    out.name("since").text(device.since().toString());
    out.name("credentials").beginArray();
    for (IssuedCredential credential : device.credentials()) {
      out.beginObject().name("kind").text(kind(credential));
      out.name("key").text(credential.key().hex());
      if (credential instanceof IssuedCertificate certificate) {
        out.name("issuer").text(certificate.serial().issuer());
        out.name("serial").text(certificate.serial().number());
      }
      out.endObject();
    }
    out.endArray();
  }

  private static String text(IssuedCredential credential) {
    String key = kind(credential) + " " + credential.key().hex();
    return credential instanceof IssuedCertificate certificate
        ? key + " serial " + certificate.serial().number()
        : key;
  }

  private static String kind(IssuedCredential credential) {
    if (credential instanceof IssuedCertificate) {
      return "certificate";
    }
    return credential instanceof IssuedPreSharedKey ? "pre-shared-key" : "key";
  }
}

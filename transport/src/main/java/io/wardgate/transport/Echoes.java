// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.exchange.Echo;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;

/** The Echo option (RFC 9175 section 2.2), of which the substrate knows the number only. */
final class Echoes {

  private Echoes() {}

  /** The one a message carries; several, or one of the wrong length, are none. */
  static Optional<Echo> in(OptionSet options) {
    List<Option> found = options.getOthers(StandardOptionRegistry.ECHO);
    if (found.size() != 1) {
      return Optional.empty();
    }
    byte[] value = found.get(0).getValue();
    return value == null || value.length == 0 || value.length > Echo.MAX_BYTES
        ? Optional.empty()
        : Optional.of(Echo.of(value));
  }

  static Option option(Echo echo) {
    return new Option(StandardOptionRegistry.ECHO, echo.toBytes());
  }
}

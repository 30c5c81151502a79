// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Something a gateway serves under a path: what answers it, which formats it takes, how large a
 * body may be. Immutable.
 *
 * @param path {@code /} and segments of letters, digits and {@code - . _ ~}
 * @param acceptedFormats the content-formats of bodies it takes; empty takes any, and none
 * @param maxBytes the largest body it takes; more is answered with 4.13
 * @param freshFor how old a request may be, if what it does must not be done late or twice; it must
 *     then repeat what it was sent to echo (RFC 9175). A second to five minutes
 * @param handler what answers
 */
public record Resource(
    String path,
    Set<Integer> acceptedFormats,
    int maxBytes,
    Optional<Duration> freshFor,
    Handler handler) {

  /** 64 KiB: a minute of ECG at 250 Hz fits twice; every open request may hold this much. */
  public static final int DEFAULT_MAX_BYTES = 64 * 1024;

  /**
   * A round trip by CoAP's own timing, with a repetition each way; late is worse than not at all.
   */
  public static final Duration COMMAND_FRESH_FOR = Duration.ofSeconds(10);

  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the path breaks the rule, the limit is not 1 to 64 KiB, or
   *     the time is out of range
   */
  public Resource {
    if (!PATH.matcher(path).matches()) {
      throw new IllegalArgumentException("not a resource path: " + path);
    }
    if (maxBytes < 1 || maxBytes > DEFAULT_MAX_BYTES) {
      throw new IllegalArgumentException("a body limit is 1 byte to 64 KiB");
    }
    if (freshFor.filter(Resource::isOutside).isPresent()) {
      throw new IllegalArgumentException("a request is fresh for a second to five minutes");
    }
    acceptedFormats = Set.copyOf(acceptedFormats);
  }

  /** A resource that takes any format up to {@link #DEFAULT_MAX_BYTES}. */
  public static Resource at(String path, Handler handler) {
    return new Resource(path, Set.of(), DEFAULT_MAX_BYTES, Optional.empty(), handler);
  }

  /**
   * A resource whose requests move equipment or change how it works: each is made just now, by the
   * session it comes over, and is done once. One that the network held back, or that somebody
   * recorded, is not.
   */
  public static Resource command(String path, Handler handler) {
    return at(path, handler).freshFor(COMMAND_FRESH_FOR);
  }

  /** The same, taking only requests that are not older than that. */
  public Resource freshFor(Duration time) {
    return new Resource(path, acceptedFormats, maxBytes, Optional.of(time), handler);
  }

  private static boolean isOutside(Duration time) {
    return time.compareTo(Duration.ofSeconds(1)) < 0 || time.compareTo(Duration.ofMinutes(5)) > 0;
  }

  /** The same, taking only these formats. */
  public Resource accepting(Integer... formats) {
    return new Resource(path, Set.of(formats), maxBytes, freshFor, handler);
  }

  /** The same, taking bodies up to {@code bytes}. */
  public Resource upTo(int bytes) {
    return new Resource(path, acceptedFormats, bytes, freshFor, handler);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Something a gateway serves under a path: what answers it, which formats it takes, how large a
 * body may be. Immutable.
 *
 * @param path {@code /} and segments of letters, digits and {@code - . _ ~}
 * @param acceptedFormats the content-formats of bodies it takes; empty takes any, and none
 * @param maxBytes the largest body it takes; more is answered with 4.13
 * @param handler what answers
 */
public record Resource(String path, Set<Integer> acceptedFormats, int maxBytes, Handler handler) {

  /** 64 KiB: a minute of ECG at 250 Hz fits twice; every open request may hold this much. */
  public static final int DEFAULT_MAX_BYTES = 64 * 1024;

  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the path breaks the rule or the limit is not 1 to 64 KiB
   */
  public Resource {
    if (!PATH.matcher(path).matches()) {
      throw new IllegalArgumentException("not a resource path: " + path);
    }
    if (maxBytes < 1 || maxBytes > DEFAULT_MAX_BYTES) {
      throw new IllegalArgumentException("a body limit is 1 byte to 64 KiB");
    }
    acceptedFormats = Set.copyOf(acceptedFormats);
  }

  /** A resource that takes any format up to {@link #DEFAULT_MAX_BYTES}. */
  public static Resource at(String path, Handler handler) {
    return new Resource(path, Set.of(), DEFAULT_MAX_BYTES, handler);
  }

  /** The same, taking only these formats. */
  public Resource accepting(Integer... formats) {
    return new Resource(path, Set.of(formats), maxBytes, handler);
  }

  /** The same, taking bodies up to {@code bytes}. */
  public Resource upTo(int bytes) {
    return new Resource(path, acceptedFormats, bytes, handler);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Slows down who keeps failing to prove an identity (EN 303 645 5.1-5): after {@value #FREE}
 * failures it is not listened to for a second, after one more for two, up to a minute.
 *
 * <p>Counts by claimed identity and source together, and only sources that returned a cookie: so
 * nobody is locked out by who forges his address, or who claims his name from elsewhere. A source
 * is an IPv4 address or an IPv6 /64. Remembers {@value #REMEMBERED} of them, the least recent goes.
 * Thread-safe by one lock, held for a map access.
 */
final class Attempts {

  static final int FREE = 5;
  static final int REMEMBERED = 4096;
  static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final int LONGEST_SHIFT = 6;
  private static final int IPV6_PREFIX_BYTES = 8;

  private final LongSupplier nanos;
  private final Map<String, Record> records =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Record> eldest) {
          return size() > REMEMBERED;
        }
      };

  Attempts(LongSupplier nanos) {
    this.nanos = nanos;
  }

  private static final class Record {
    private int failures;
    private long last;
  }

  /** Whether that source may try to prove that identity now. */
  synchronized boolean mayTry(String identity, InetSocketAddress source) {
    Record record = records.get(key(identity, source));
    return record == null
        || record.failures < FREE
        || nanos.getAsLong() - record.last >= pause(record.failures);
  }

  /** Notes that it did not prove it. */
  synchronized void failed(String identity, InetSocketAddress source) {
    long now = nanos.getAsLong();
    Record record = records.computeIfAbsent(key(identity, source), k -> new Record());
    if (record.failures > 0 && now - record.last > 2 * LONGEST_NANOS) {
      record.failures = 0;
    }
    record.failures++;
    record.last = now;
  }

  /** Notes that it did. */
  synchronized void succeeded(String identity, InetSocketAddress source) {
    records.remove(key(identity, source));
  }

  private static long pause(int failures) {
    int doublings = Math.min(failures - FREE, LONGEST_SHIFT);
    return Math.min(TimeUnit.SECONDS.toNanos(1L << doublings), LONGEST_NANOS);
  }

  private static String key(String identity, InetSocketAddress source) {
    InetAddress address = source.getAddress();
    byte[] bytes = address == null ? new byte[0] : address.getAddress();
    byte[] prefix =
        bytes.length > IPV6_PREFIX_BYTES ? Arrays.copyOf(bytes, IPV6_PREFIX_BYTES) : bytes;
    return HexFormat.of().formatHex(prefix) + " " + identity;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.benchmarks;

import io.wardgate.WardgateException;
import io.wardgate.sensor.SensorClient;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints what 50 sensors at work notice of 10 000 ClientHellos a second: how many of their posts
 * stay unanswered, and how long the answers take, before and during the flood.
 */
public final class HelloFlood {

  private static final PrintStream OUT = System.out;
  private static final int SENSORS = 50;
  private static final int HELLOS_A_SECOND = 10_000;
  private static final int SOURCES = 64;
  private static final int SECONDS = 10;
  private static final long POST_EVERY_MILLIS = 100;

  private HelloFlood() {}

  /** Measures in a temporary directory. */
  public static void main(String[] arguments) throws Exception {
    List<SensorClient> sensors = new ArrayList<>();
    try (BenchWard ward = new BenchWard(Files.createTempDirectory("wardgate-flood"))) {
      for (int i = 0; i < SENSORS; i++) {
        SensorClient sensor = ward.sensor("device-" + i);
        sensors.add(sensor);
        var unused = BenchWard.post(sensor).get();
      }
      work(sensors, "warming up");
      work(sensors, "alone");
      AtomicBoolean flooding = new AtomicBoolean(true);
      AtomicLong sent = new AtomicLong();
      Thread flood = new Thread(() -> flood(ward.gateway().address(), flooding, sent));
      long begun = System.nanoTime();
      flood.start();
      work(sensors, "under the flood");
      flooding.set(false);
      flood.join();
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
      OUT.printf("hellos: %d a second%n", sent.get() / seconds);
    } finally {
      sensors.forEach(SensorClient::close);
    }
  }

  private static void work(List<SensorClient> sensors, String when) throws InterruptedException {
    long[] micros = new long[SENSORS * SECONDS * (int) (1000 / POST_EVERY_MILLIS)];
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger asked = new AtomicInteger();
    ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    for (SensorClient sensor : sensors) {
      var unused =
          timer.scheduleAtFixedRate(
              () -> {
                if (asked.get() < micros.length) {
                  asked.incrementAndGet();
                  post(sensor, micros, answered);
                }
              },
              0,
              POST_EVERY_MILLIS,
              TimeUnit.MILLISECONDS);
    }
    TimeUnit.SECONDS.sleep(SECONDS);
    timer.shutdownNow();
    // What is still under way may be repeated by CoAP once.
    TimeUnit.SECONDS.sleep(5);
    long[] sorted = Arrays.copyOf(micros, Math.min(answered.get(), micros.length));
    Arrays.sort(sorted);
    OUT.printf(
        "%s: %d posts, %d unanswered, p50 %d us, p99 %d us%n",
        when,
        asked.get(),
        asked.get() - answered.get(),
        sorted[sorted.length / 2],
        sorted[sorted.length * 99 / 100]);
  }

  private static void post(SensorClient sensor, long[] micros, AtomicInteger answered) {
    long begun = System.nanoTime();
    try {
      var unused =
          BenchWard.post(sensor)
              .thenAccept(
                  response -> {
                    int place = answered.getAndIncrement();
                    if (place < micros.length) {
                      micros[place] = (System.nanoTime() - begun) / 1000;
                    }
                  });
    } catch (WardgateException e) {
      OUT.println(e.reason().code());
    }
  }

  /** From many ports, without cookies, as one does who forges his address. */
  private static void flood(InetSocketAddress gateway, AtomicBoolean on, AtomicLong sent) {
    byte[] hello = hello();
    try {
      DatagramSocket[] sources = new DatagramSocket[SOURCES];
      for (int i = 0; i < SOURCES; i++) {
        sources[i] = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      }
      long begun = System.nanoTime();
      while (on.get()) {
        long due = (System.nanoTime() - begun) * HELLOS_A_SECOND / 1_000_000_000L;
        while (sent.get() < due) {
          sources[(int) (sent.getAndIncrement() % SOURCES)].send(
              new DatagramPacket(hello, hello.length, gateway));
        }
        LockSupport.parkNanos(200_000);
      }
      for (DatagramSocket source : sources) {
        source.close();
      }
    } catch (IOException e) {
      OUT.println("the flood ended: " + e.getMessage());
    }
  }

  /** The smallest ClientHello of DTLS 1.2 (RFC 6347 section 4.2): one suite, no cookie. */
  private static byte[] hello() {
    byte[] body =
        ByteBuffer.allocate(42)
            .putShort((short) 0xfefd)
            .put(new byte[32])
            .put((byte) 0)
            .put((byte) 0)
            .putShort((short) 2)
            .putShort((short) 0xc02b)
            .put((byte) 1)
            .put((byte) 0)
            .array();
    return ByteBuffer.allocate(13 + 12 + body.length)
        .put((byte) 22)
        .putShort((short) 0xfefd)
        .putLong(0)
        .putShort((short) (12 + body.length))
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) body.length)
        .putShort((short) 0)
        .put((byte) 0)
        .putShort((short) 0)
        .put((byte) 0)
        .putShort((short) body.length)
        .put(body)
        .array();
  }
}

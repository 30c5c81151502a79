// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

/** Seeded readings of every shape a record can have. */
final class RandomReadings {

  private static final String NAME_CHARACTERS = "abcXYZ0189-:./_";

  private final Random random;
  private final Instant now;

  RandomReadings(long seed, Instant now) {
    this.random = new Random(seed);
    this.now = now;
  }

  List<Reading> pack() {
    List<Reading> pack = new ArrayList<>();
    String base = random.nextInt(3) == 0 ? "" : text(20);
    for (int i = random.nextInt(8); i >= 0; i--) {
      if (random.nextInt(4) == 0) {
        base = random.nextBoolean() ? "" : text(20);
      }
      pack.add(reading(base));
    }
    return pack;
  }

  private Reading reading(String base) {
    boolean valueless = random.nextInt(10) == 0;
    return new Reading(
        base,
        base.isEmpty() || !SenmlName.isPlain(base) || random.nextInt(5) > 0 ? name() : "",
        random.nextBoolean() ? Optional.of(plain(5)) : Optional.empty(),
        valueless ? Optional.empty() : Optional.of(value()),
        valueless || random.nextInt(5) == 0 ? OptionalDouble.of(number()) : OptionalDouble.empty(),
        now.minus((long) (random.nextDouble() * 2e12), ChronoUnit.MICROS),
        random.nextInt(5) == 0 ? OptionalDouble.of(number()) : OptionalDouble.empty());
  }

  private Value value() {
    return switch (random.nextInt(5)) {
      case 0 -> new Value.Text(text(40));
      case 1 -> new Value.Flag(random.nextBoolean());
      case 2 -> {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        yield new Value.Data(bytes);
      }
      default -> new Value.Quantity(number());
    };
  }

  private double number() {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextInt(400);
      case 1 -> random.nextInt(4000) / 10.0;
      case 2 -> random.nextLong();
      case 3 -> -0.0;
      default -> {
        double any = Double.longBitsToDouble(random.nextLong());
        yield Double.isFinite(any) ? any : 0x1p-1074;
      }
    };
  }

  private String name() {
    StringBuilder name = new StringBuilder("1");
    for (int i = random.nextInt(12); i > 0; i--) {
      name.append(NAME_CHARACTERS.charAt(random.nextInt(NAME_CHARACTERS.length())));
    }
    return name.toString();
  }

  /** As a unit, or a base name that stands alone, is to be. */
  private String plain(int maxLength) {
    return text(maxLength)
        .codePoints()
        .filter(c -> SenmlName.isPlain(Character.toString(c)))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private String text(int maxLength) {
    StringBuilder text = new StringBuilder("x");
    for (int i = random.nextInt(maxLength); i > 0; i--) {
      int point = random.nextInt(random.nextBoolean() ? 0x80 : 0x11_0000);
      if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
        text.appendCodePoint(point);
      }
    }
    return text.toString();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a device is for, as its registration says it; a certificate or request never does.
 *
 * <p>A kebab-case word of at most 40 characters. The eight constants are those of the ward; makers
 * add their own with {@link #of}.
 *
 * @param name the word
 */
public record Role(String name) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final int MAX_LENGTH = 40;

  /** On the body: one lead of ECG. */
  public static final Role ECG_PATCH = of("ecg-patch");

  /** On the body: continuous glucose. */
  public static final Role GLUCOSE_SENSOR = of("glucose-sensor");

  /** At home: blood pressure by cuff. */
  public static final Role BLOOD_PRESSURE = of("blood-pressure");

  /** At home: oxygen saturation and pulse. */
  public static final Role PULSE_OXIMETER = of("pulse-oximeter");

  /** In the community: a monitor in an ambulance. */
  public static final Role AMBULANCE_MONITOR = of("ambulance-monitor");

  /** In hospital: a monitor at the bed. */
  public static final Role BEDSIDE_MONITOR = of("bedside-monitor");

  /** In hospital: an infusion pump. */
  public static final Role INFUSION_PUMP = of("infusion-pump");

  /** In hospital: a tag that tells where equipment is. */
  public static final Role ASSET_TAG = of("asset-tag");

  /** The roles of the ward, in the order of the four kinds of IoMT. */
  public static final List<Role> OF_THE_WARD =
      List.of(
          ECG_PATCH,
          GLUCOSE_SENSOR,
          BLOOD_PRESSURE,
          PULSE_OXIMETER,
          AMBULANCE_MONITOR,
          BEDSIDE_MONITOR,
          INFUSION_PUMP,
          ASSET_TAG);

  /**
   * Checks the word.
   *
   * @throws IllegalArgumentException if it is not kebab-case or too long
   */
  public Role {
    if (name.length() > MAX_LENGTH || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a role is a kebab-case word of at most 40 characters");
    }
  }

  /**
   * The role of that name.
   *
   * @throws IllegalArgumentException if it is not kebab-case or too long
   */
  public static Role of(String name) {
    return new Role(name);
  }

  @Override
  public String toString() {
    return name;
  }
}

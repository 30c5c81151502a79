// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import java.util.Optional;

/**
 * The quantities our sensors measure: nomenclature code, unit on the device's display, unit on the
 * wire.
 *
 * <p>A code is the decimal 32-bit form of ISO/IEEE 11073-10101 (partition times 65536 plus term).
 * The display unit is the one clinicians read. SenML has a registry of units (RFC 8428 section
 * 12.1, RFC 8798) that knows neither mmHg nor mg/dL nor mL/h; {@link #senmlUnit()} is a primary
 * unit of that registry, and {@link #toSenml(double)} converts. {@code beat/min}, {@code 1/min} and
 * {@code %} are marked there as not recommended to producers, and kept here because medical
 * displays and peers count in them.
 */
public enum Measure {
  /** Heart rate from an ECG. */
  HEART_RATE(147842, "heart rate", "beat/min", 0, "beat/min", 1),
  /** ECG, lead II. */
  ECG_LEAD_II(131330, "ECG II", "mV", 3, "V", 1e-3),
  /** Oxygen saturation from a pulse oximeter. */
  OXYGEN_SATURATION(150456, "SpO2", "%", 0, "%", 1),
  /** Pulse rate from a pulse oximeter. */
  PULSE_RATE(149530, "pulse rate", "beat/min", 0, "beat/min", 1),
  /** Plethysmogram, relative. */
  PLETHYSMOGRAM(150452, "pleth", "1", 4, "/", 1),
  /** Systolic pressure by a cuff. */
  CUFF_SYSTOLIC(150021, "NIBP systolic", "mm[Hg]", 0, "Pa", Measure.PASCALS_PER_MMHG),
  /** Diastolic pressure by a cuff. */
  CUFF_DIASTOLIC(150022, "NIBP diastolic", "mm[Hg]", 0, "Pa", Measure.PASCALS_PER_MMHG),
  /** Mean pressure by a cuff. */
  CUFF_MEAN(150023, "NIBP mean", "mm[Hg]", 0, "Pa", Measure.PASCALS_PER_MMHG),
  /** Pulse rate by a cuff. */
  CUFF_PULSE_RATE(149546, "NIBP pulse rate", "beat/min", 0, "beat/min", 1),
  /** Arterial pressure by a catheter, as a wave. */
  ARTERIAL_PRESSURE(150036, "ABP", "mm[Hg]", 1, "Pa", Measure.PASCALS_PER_MMHG),
  /** Systolic arterial pressure by a catheter. */
  ARTERIAL_SYSTOLIC(150037, "ABP systolic", "mm[Hg]", 0, "Pa", Measure.PASCALS_PER_MMHG),
  /** Diastolic arterial pressure by a catheter. */
  ARTERIAL_DIASTOLIC(150038, "ABP diastolic", "mm[Hg]", 0, "Pa", Measure.PASCALS_PER_MMHG),
  /** Mean arterial pressure by a catheter. */
  ARTERIAL_MEAN(150039, "ABP mean", "mm[Hg]", 0, "Pa", Measure.PASCALS_PER_MMHG),
  /** Glucose in interstitial fluid. */
  GLUCOSE(160212, "glucose", "mg/dL", 0, "kg/m3", 1e-2),
  /** Respiration rate. */
  RESPIRATION_RATE(151562, "respiration", "/min", 0, "1/min", 1),
  /** Body temperature. */
  BODY_TEMPERATURE(150364, "temperature", "Cel", 1, "Cel", 1),
  /** Flow of an infusion. */
  INFUSION_RATE(157784, "infusion rate", "mL/h", 1, "m3/s", 1e-6 / 3600),
  /** Volume an infusion has delivered. */
  INFUSION_VOLUME(157864, "volume delivered", "mL", 2, "m3", 1e-6),
  /** Charge left in a device's battery. */
  BATTERY_CHARGE(67996, "battery", "%", 0, "%EL", 1);

  /** One millimetre of mercury, by its conventional definition. */
  static final double PASCALS_PER_MMHG = 133.322387415;

  private final String code;
  private final String label;
  private final String unit;
  private final double resolution;
  private final String senmlUnit;
  private final double factor;

  Measure(int code, String label, String unit, int decimals, String senmlUnit, double factor) {
    this.code = Integer.toString(code);
    this.label = label;
    this.unit = unit;
    this.resolution = StrictMath.pow(10, decimals);
    this.senmlUnit = senmlUnit;
    this.factor = factor;
  }

  /** The measure with this code; empty for a code our sensors do not use. */
  public static Optional<Measure> ofCode(String code) {
    for (Measure measure : values()) {
      if (measure.code.equals(code)) {
        return Optional.of(measure);
      }
    }
    return Optional.empty();
  }

  /** The nomenclature code in decimal. */
  public String code() {
    return code;
  }

  /** What a monitor writes beside the number. */
  public String label() {
    return label;
  }

  /**
   * The unit on the display, in UCUM ({@code beat/min} excepted, which UCUM would write as an
   * annotation).
   */
  public String unit() {
    return unit;
  }

  /** The unit in the SenML registry. */
  public String senmlUnit() {
    return senmlUnit;
  }

  /** A number of the display's unit in the registered unit. */
  public double toSenml(double displayed) {
    return displayed * factor;
  }

  /** A number of the registered unit in the display's unit, at the display's resolution. */
  public double toDisplay(double senml) {
    return shown(senml / factor);
  }

  /** The number at the display's resolution. */
  double shown(double measured) {
    return StrictMath.rint(measured * resolution) / resolution;
  }
}

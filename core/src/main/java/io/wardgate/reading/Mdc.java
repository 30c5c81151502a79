// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import java.util.Optional;

/**
 * The nomenclature codes of ISO/IEEE 11073-10101 that Wardgate can name, for labels only.
 *
 * <p>A code is the decimal 32-bit form, partition times 65536 plus term. Nothing is ever refused or
 * converted by this list: a code that is not in it passes through like any other, and a reading's
 * unit is the one it came with.
 */
public enum Mdc {
  /** MDC_ECG_ELEC_POTL_I. */
  ECG_LEAD_I(131329, "mV", "ECG lead I"),
  /** MDC_ECG_ELEC_POTL_II. */
  ECG_LEAD_II(131330, "mV", "ECG lead II"),
  /** MDC_ECG_HEART_RATE. */
  HEART_RATE(147842, "/min", "heart rate"),
  /** MDC_PULS_OXIM_PULS_RATE. */
  PULSE_RATE(149530, "/min", "pulse rate (oximeter)"),
  /** MDC_PULS_RATE_NON_INV. */
  CUFF_PULSE_RATE(149546, "/min", "pulse rate (cuff)"),
  /** MDC_PRESS_BLD_NONINV. */
  CUFF_PRESSURE(150020, "mm[Hg]", "blood pressure (cuff)"),
  /** MDC_PRESS_BLD_NONINV_SYS. */
  CUFF_SYSTOLIC(150021, "mm[Hg]", "systolic pressure (cuff)"),
  /** MDC_PRESS_BLD_NONINV_DIA. */
  CUFF_DIASTOLIC(150022, "mm[Hg]", "diastolic pressure (cuff)"),
  /** MDC_PRESS_BLD_NONINV_MEAN. */
  CUFF_MEAN(150023, "mm[Hg]", "mean pressure (cuff)"),
  /** MDC_PRESS_BLD_ART_SYS. */
  ARTERIAL_SYSTOLIC(150033, "mm[Hg]", "systolic arterial pressure"),
  /** MDC_PRESS_BLD_ART_DIA. */
  ARTERIAL_DIASTOLIC(150034, "mm[Hg]", "diastolic arterial pressure"),
  /** MDC_PRESS_BLD_ART_MEAN. */
  ARTERIAL_MEAN(150035, "mm[Hg]", "mean arterial pressure"),
  /** MDC_PRESS_BLD_ART_ABP. */
  ABP(150036, "mm[Hg]", "arterial pressure (ABP)"),
  /** MDC_PRESS_BLD_ART_ABP_SYS. */
  ABP_SYSTOLIC(150037, "mm[Hg]", "systolic pressure (ABP)"),
  /** MDC_PRESS_BLD_ART_ABP_DIA. */
  ABP_DIASTOLIC(150038, "mm[Hg]", "diastolic pressure (ABP)"),
  /** MDC_PRESS_BLD_ART_ABP_MEAN. */
  ABP_MEAN(150039, "mm[Hg]", "mean pressure (ABP)"),
  /** MDC_TEMP_BODY. */
  BODY_TEMPERATURE(150364, "Cel", "body temperature"),
  /** MDC_PULS_OXIM_PLETH. */
  PLETHYSMOGRAM(150452, "1", "plethysmogram"),
  /** MDC_PULS_OXIM_SAT_O2. */
  OXYGEN_SATURATION(150456, "%", "oxygen saturation"),
  /** MDC_RESP_RATE. */
  RESPIRATION_RATE(151562, "/min", "respiration rate"),
  /** MDC_FLOW_FLUID_PUMP. */
  INFUSION_RATE(157784, "mL/h", "infusion rate"),
  /** MDC_CONC_GLU_CAPILLARY_WHOLEBLOOD. */
  GLUCOSE_CAPILLARY(160184, "mg/dL", "glucose (capillary whole blood)"),
  /** MDC_CONC_GLU_ISF. */
  GLUCOSE_INTERSTITIAL(160212, "mg/dL", "glucose (interstitial fluid)"),
  /** MDC_CONC_GLU_UNDETERMINED_PLASMA. */
  GLUCOSE_PLASMA(160368, "mg/dL", "glucose (plasma)"),
  /** MDC_MASS_BODY_ACTUAL. */
  BODY_MASS(188736, "kg", "body mass"),
  /** MDC_ATTR_VAL_BATT_CHARGE. */
  BATTERY_CHARGE(67996, "%", "battery charge");

  private final String code;
  private final String unit;
  private final String label;

  Mdc(int code, String unit, String label) {
    this.code = Integer.toString(code);
    this.unit = unit;
    this.label = label;
  }

  /** The name for a reading's code, if there is one. */
  public static Optional<Mdc> of(String code) {
    for (Mdc mdc : values()) {
      if (mdc.code.equals(code)) {
        return Optional.of(mdc);
      }
    }
    return Optional.empty();
  }

  /** The code in decimal. */
  public String code() {
    return code;
  }

  /** The unit clinicians read it in, in UCUM; SenML has registered names for some only. */
  public String unit() {
    return unit;
  }

  /** A name for people. */
  public String label() {
    return label;
  }
}

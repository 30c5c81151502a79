// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

/** The eight kinds of sensor of the ward. */
public enum SensorKind {
  /** ECG lead II in blocks of one second, heart rate each second, rhythm when it changes. */
  ECG_PATCH("ecg-patch", "ECG patch", Setting.ON_BODY),
  /** Interstitial glucose every five minutes. */
  GLUCOSE_SENSOR("glucose-sensor", "glucose sensor", Setting.ON_BODY),
  /** Systolic, diastolic, mean and pulse every fifteen minutes, the first within one. */
  BLOOD_PRESSURE("blood-pressure", "blood pressure cuff", Setting.IN_HOME),
  /** Saturation and pulse rate each second, the plethysmogram in blocks of one second. */
  PULSE_OXIMETER("pulse-oximeter", "pulse oximeter", Setting.IN_HOME),
  /** ECG, saturation, and a cuff every three minutes. */
  AMBULANCE_MONITOR("ambulance-monitor", "ambulance monitor", Setting.COMMUNITY),
  /** ECG, arterial pressure, saturation, respiration, temperature. */
  BEDSIDE_MONITOR("bedside-monitor", "bedside monitor", Setting.IN_HOSPITAL),
  /** Rate, volume and battery every five seconds, the occlusion alarm when it changes. */
  INFUSION_PUMP("infusion-pump", "infusion pump", Setting.IN_HOSPITAL),
  /** Zone and motion when they change, battery every ten seconds. */
  ASSET_TAG("asset-tag", "asset tag", Setting.IN_HOSPITAL);

  private final String id;
  private final String label;
  private final Setting setting;

  SensorKind(String id, String label, Setting setting) {
    this.id = id;
    this.label = label;
    this.setting = setting;
  }

  /** The name of the role that such a device registers with, in kebab-case. */
  public String id() {
    return id;
  }

  /** What people call it. */
  public String label() {
    return label;
  }

  /** Where it works. */
  public Setting setting() {
    return setting;
  }

  Source source(long seed) {
    return switch (this) {
      case ECG_PATCH -> new EcgPatch(seed);
      case GLUCOSE_SENSOR -> new GlucoseSensor(seed);
      case BLOOD_PRESSURE -> new BloodPressure(seed);
      case PULSE_OXIMETER -> new PulseOximeter(seed);
      case AMBULANCE_MONITOR -> new AmbulanceMonitor(seed);
      case BEDSIDE_MONITOR -> new BedsideMonitor(seed);
      case INFUSION_PUMP -> new InfusionPump(seed);
      case ASSET_TAG -> new AssetTag(seed);
    };
  }
}

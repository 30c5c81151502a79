// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

/** The kind of place a sensor works in. */
public enum Setting {
  /** Worn by the patient. */
  ON_BODY("on-body"),
  /** In the patient's home. */
  IN_HOME("in-home"),
  /** Out in the community; here, an ambulance. */
  COMMUNITY("community"),
  /** On a hospital ward. */
  IN_HOSPITAL("in-hospital");

  private final String label;

  Setting(String label) {
    this.label = label;
  }

  /** The words for it in a table. */
  public String label() {
    return label;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

/** What the heart of an {@link EcgSignal} is doing. */
public enum Rhythm {
  /** Regular, 58 to 82 beats/min at rest, breathing in the intervals. */
  SINUS("sinus rhythm"),
  /** As sinus rhythm, but at 115 to 140 beats/min. */
  SINUS_TACHYCARDIA("sinus tachycardia"),
  /** Irregularly irregular intervals, no P wave, a fibrillating baseline. */
  ATRIAL_FIBRILLATION("atrial fibrillation"),
  /** Sinus rhythm in which some beats come early and wide, each followed by a pause. */
  VENTRICULAR_ECTOPY("ventricular ectopy"),
  /** No beat for 2.4 to 4 seconds. */
  PAUSE("pause");

  private final String label;

  Rhythm(String label) {
    this.label = label;
  }

  /** What a clinician calls it. */
  public String label() {
    return label;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.state;

import io.wardgate.Reason;
import java.util.Optional;

/** Whether a part of the state is what was written. */
public enum Standing {
  /** Every acknowledged record is there, or its loss was accepted. */
  SOUND(Optional.empty()),
  /** It lies elsewhere than where it was written. */
  COPIED(Optional.of(Reason.STATE_COPIED)),
  /** Records in the middle are damaged or missing. */
  DAMAGED(Optional.of(Reason.STATE_DAMAGED)),
  /** It ends before what it once acknowledged. */
  ROLLED_BACK(Optional.of(Reason.STATE_ROLLED_BACK));

  private final Optional<Reason> reason;

  Standing(Optional<Reason> reason) {
    this.reason = reason;
  }

  /** Why it is not sound, if it is not. */
  public Optional<Reason> reason() {
    return reason;
  }
}

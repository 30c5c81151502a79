// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import java.util.function.Consumer;

/**
 * Whether a hardware token signs. Thread-safe.
 *
 * <p>A token that fails once is degraded until it signs again; every signature asked of it tells.
 */
public final class TokenHealth {

  /** How a token does. */
  public enum State {
    /** It signed when it was last asked, or was not asked yet. */
    OK,
    /** It did not sign when it was last asked, or not in time. */
    DEGRADED
  }

  private volatile State state = State.OK;
  private volatile Consumer<State> listener = changed -> {};

  TokenHealth() {}

  /** How it does now. */
  public State state() {
    return state;
  }

  /**
   * Is told each change, on the thread that found it out, which must not be held up. Replaces the
   * listener before.
   */
  public void whenChanged(Consumer<State> told) {
    listener = told;
  }

  synchronized void is(State now) {
    if (state != now) {
      state = now;
      listener.accept(now);
    }
  }
}

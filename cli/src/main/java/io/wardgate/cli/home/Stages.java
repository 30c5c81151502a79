// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A command has nothing to do but wait for what it began. */
final class Stages {

  private Stages() {}

  /**
   * Returns when it is done.
   *
   * @throws WardgateException why it was not
   */
  static void await(CompletionStage<?> stage) throws WardgateException {
    try {
      stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof WardgateException refusal) {
        throw refusal;
      }
      throw new WardgateException(Reason.STATE_UNAVAILABLE, "it could not be written", e);
    }
  }
}

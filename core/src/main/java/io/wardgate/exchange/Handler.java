// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

import java.util.concurrent.CompletionStage;

/**
 * What answers requests for a resource.
 *
 * <p>Called on a handler thread, never on a protocol thread; may be called for many requests at
 * once. The stage may complete later and elsewhere. A stage that fails, or a handler that throws,
 * is answered with 5.00, and the cause is logged without the payload.
 */
@FunctionalInterface
public interface Handler {

  /** Answers {@code request}. */
  CompletionStage<Response> handle(Request request);
}

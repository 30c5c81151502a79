// SPDX-License-Identifier: Apache-2.0
package io.wardgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** How tests look at a refusal: by its reason. */
public final class Refusals {

  private Refusals() {}

  /** What is tried. */
  @FunctionalInterface
  public interface Attempt {
    /** Tries it. */
    void make() throws Throwable;
  }

  /** The reason for which {@code attempt} is refused; fails if it is not. */
  public static Reason reasonOf(Attempt attempt) {
    Throwable thrown = catchThrowable(attempt::make);
    assertThat(thrown).isInstanceOf(WardgateException.class);
    return ((WardgateException) thrown).reason();
  }

  /** The reason a stage that is complete failed for; fails if it did not. */
  public static Reason reasonOf(CompletionStage<?> stage) {
    assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
    Throwable thrown = catchThrowable(() -> stage.toCompletableFuture().get());
    assertThat(thrown).isInstanceOf(ExecutionException.class);
    return reasonOf(
        () -> {
          throw thrown.getCause();
        });
  }
}

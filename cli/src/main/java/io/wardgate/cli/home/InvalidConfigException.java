// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.util.List;

/** A configuration was refused, with everything that is wrong with it. */
public final class InvalidConfigException extends WardgateException {

  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  InvalidConfigException(List<ConfigProblem> problems) {
    super(Reason.CONFIG_INVALID, problems.size() + " problems, the first: " + problems.get(0));
    this.problems = List.copyOf(problems);
  }

  /** At least one, in the order of the file. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}

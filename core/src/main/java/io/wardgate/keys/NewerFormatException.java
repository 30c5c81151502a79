// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import java.io.IOException;

/** A file that a later version of Wardgate wrote: it is left as it is. */
public final class NewerFormatException extends IOException {

  private static final long serialVersionUID = 1;

  /** Says which file it is. */
  NewerFormatException(String file) {
    super(file + " is of a later format");
  }
}

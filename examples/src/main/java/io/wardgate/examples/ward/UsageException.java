// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

/** The command line is not one the ward understands; the message says which part. */
final class UsageException extends Exception {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be used, in words for who runs the gateway. */
final class FileFailure {

  private FileFailure() {}

  /** The reason alone: of a file system's exception the message is hardly more than the path. */
  static String why(Exception failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "its directory does not exist";
    }
    String why =
        failure instanceof FileSystemException known ? known.getReason() : failure.getMessage();
    return why == null ? failure.getClass().getSimpleName() : why;
  }
}

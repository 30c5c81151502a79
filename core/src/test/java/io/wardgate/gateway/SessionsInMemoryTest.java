// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.exchange.SavedSessions;

/** Sessions in memory are kept as those in files are, for as long as the process lives. */
class SessionsInMemoryTest extends SavedSessionsContract {

  private final SavedSessions sessions = SavedSessions.inMemory();

  @Override
  SavedSessions sessions() {
    return sessions;
  }
}

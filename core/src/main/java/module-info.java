// SPDX-License-Identifier: Apache-2.0
/** Wardgate's decisions: who a device is, what it may do, what its readings mean. */
module io.wardgate.core {
  requires static transitive org.jspecify;
  requires org.bouncycastle.provider;
  requires org.bouncycastle.pkix;
  requires org.slf4j;

  exports io.wardgate;
  exports io.wardgate.access;
  exports io.wardgate.audit;
  exports io.wardgate.ca;
  exports io.wardgate.est;
  exports io.wardgate.exchange;
  exports io.wardgate.factory;
  exports io.wardgate.identity;
  exports io.wardgate.keys;
  exports io.wardgate.gateway;
  exports io.wardgate.reading;
  exports io.wardgate.sensor;
  exports io.wardgate.registry;
  exports io.wardgate.state;
  exports io.wardgate.time;
}

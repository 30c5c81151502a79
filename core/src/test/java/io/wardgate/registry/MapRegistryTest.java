// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

/** The stand-in that other tests use is a registry. */
class MapRegistryTest extends DeviceRegistryContract {

  private final MapRegistry registry = new MapRegistry();

  @Override
  DeviceRegistry registry() {
    return registry;
  }

  @Override
  void settle() {}
}

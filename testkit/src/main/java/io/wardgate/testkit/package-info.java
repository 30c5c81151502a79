// SPDX-License-Identifier: Apache-2.0
/**
 * What makers test with: signals and sensors that do not exist, and a network that misbehaves on
 * request. Everything here follows from a seed.
 */
@NullMarked
package io.wardgate.testkit;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * What is claimed: the provisions of ETSI EN 303 645, which tests show them, and what those tests
 * came to in this build.
 */
@NullMarked
package io.wardgate.conformity;

import org.jspecify.annotations.NullMarked;

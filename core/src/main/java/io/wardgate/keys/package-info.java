// SPDX-License-Identifier: Apache-2.0
/** Where private keys and pre-shared keys lie, and how they are lent out. */
@NullMarked
package io.wardgate.keys;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** What a sensor says: SenML in, readings out, and the port they leave by. */
@NullMarked
package io.wardgate.reading;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

/**
 * One provision of ETSI EN 303 645 V3.1.3, in our own words.
 *
 * <p>A status starts with {@code M} (mandatory) or {@code R} (recommended); a condition {@code
 * C(n)} or feature {@code F(x)} after it says when it applies.
 *
 * @param id its number in V3.1.3
 * @param idV2 its number in V2.1.1; empty if it is new
 * @param words what it asks for, paraphrased
 * @param status its status in V3.1.3
 * @param statusV2 its status in V2.1.1; empty if it is new
 * @param libraryClass how much of it a library can answer for
 */
public record Provision(
    String id,
    String idV2,
    String words,
    String status,
    String statusV2,
    LibraryClass libraryClass) {}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.access.AccessPolicy;
import io.wardgate.exchange.Handler;
import io.wardgate.exchange.Request;
import io.wardgate.exchange.Response;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * {@code /.well-known/core} (RFC 6690): the resources the asking role may do something with, and no
 * others; no versions, no titles. Supports EN 303 645 5.6-2.
 */
final class Discovery implements Handler {

  static final String PATH = "/.well-known/core";
  static final int LINK_FORMAT = 40;

  private final AccessPolicy access;
  private final Set<String> paths;

  Discovery(AccessPolicy access, Set<String> paths) {
    this.access = access;
    this.paths = new TreeSet<>(paths);
  }

  @Override
  public CompletionStage<Response> handle(Request request) {
    String links =
        paths.stream()
            .filter(path -> access.mayKnow(request.peer().role(), path))
            .map(path -> "<" + path + ">")
            .collect(Collectors.joining(","));
    return CompletableFuture.completedFuture(
        Response.content(LINK_FORMAT, links.getBytes(StandardCharsets.UTF_8)));
  }
}

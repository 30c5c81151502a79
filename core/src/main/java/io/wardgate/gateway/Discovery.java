// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.access.AccessPolicy;
import io.wardgate.exchange.Handler;
import io.wardgate.exchange.Request;
import io.wardgate.exchange.Response;
import io.wardgate.identity.AuthenticatedPeer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code /.well-known/core} (RFC 6690): the resources the asking role may do something with, and no
 * others; no versions, no titles. Supports EN 303 645 5.6-2.
 */
final class Discovery implements Handler {

  static final String PATH = "/.well-known/core";
  static final int LINK_FORMAT = 40;

  private static final String BY_TYPE = "rt=";

  private final AccessPolicy access;
  private final Set<String> paths;
  private final Map<String, String> enrolment;

  /**
   * A discovery of these paths.
   *
   * @param enrolment the attributes of the resources of enrolment, by path; whoever has a
   *     certificate may know of them
   */
  Discovery(AccessPolicy access, Set<String> paths, Map<String, String> enrolment) {
    this.access = access;
    this.paths = new TreeSet<>(paths);
    this.enrolment = new TreeMap<>(enrolment);
  }

  @Override
  public CompletionStage<Response> handle(Request request) {
    AuthenticatedPeer peer = request.peer();
    List<String> queries = request.head().queries();
    Stream<String> ordinary =
        paths.stream()
            .filter(path -> !peer.isToBeEnrolled() && access.mayKnow(peer.role(), path))
            .map(path -> "<" + path + ">");
    Stream<String> forEnrolment =
        enrolment.entrySet().stream()
            .filter(link -> peer.credential() == AuthenticatedPeer.Credential.CERTIFICATE)
            .map(link -> "<" + link.getKey() + ">;" + link.getValue());
    String links =
        Stream.concat(ordinary, forEnrolment)
            .filter(link -> queries.stream().allMatch(query -> matches(link, query)))
            .collect(Collectors.joining(","));
    return CompletableFuture.completedFuture(
        Response.content(LINK_FORMAT, links.getBytes(StandardCharsets.UTF_8)));
  }

  /** RFC 6690 section 4.1, for resource types; what else is asked for is not known of any. */
  private static boolean matches(String link, String query) {
    if (!query.startsWith(BY_TYPE)) {
      return false;
    }
    String type = query.substring(BY_TYPE.length());
    return type.endsWith("*")
        ? link.contains(";rt=\"" + type.substring(0, type.length() - 1))
        : link.contains(";rt=\"" + type + "\"");
  }
}

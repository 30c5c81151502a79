// SPDX-License-Identifier: Apache-2.0
package io.wardgate.access;

import io.wardgate.exchange.Method;
import io.wardgate.registry.Role;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which role may do what to which resource. What is not allowed here is refused; there is no rule
 * for everybody and no wildcard. Immutable. Supports EN 303 645 5.5-4 and 5.6-5.
 */
public final class AccessPolicy {

  private final Set<Rule> rules;

  private AccessPolicy(Set<Rule> rules) {
    this.rules = Set.copyOf(rules);
  }

  /** A policy to add rules to; as it is, it allows nothing. */
  public static AccessPolicy denyAll() {
    return new AccessPolicy(Set.of());
  }

  /** Roles and the rules that hold for each of them. */
  public static AccessPolicy ofRoles(Map<Role, Set<Rule.Permission>> permissions) {
    AccessPolicy policy = denyAll();
    for (Map.Entry<Role, Set<Rule.Permission>> entry : permissions.entrySet()) {
      for (Rule.Permission permission : entry.getValue()) {
        policy = policy.allow(entry.getKey(), permission.method(), permission.path());
      }
    }
    return policy;
  }

  /** This policy, and in it {@code role} may also do {@code method} to {@code path}. */
  public AccessPolicy allow(Role role, Method method, String path) {
    Set<Rule> more = new HashSet<>(rules);
    more.add(new Rule(role, new Rule.Permission(method, path)));
    return new AccessPolicy(more);
  }

  /** Whether {@code role} may do {@code method} to {@code path}, letter for letter. */
  public boolean allows(Role role, Method method, String path) {
    return rules.contains(new Rule(role, new Rule.Permission(method, path)));
  }

  /** Whether {@code role} may do anything at all to {@code path}; decides what it may know of. */
  public boolean mayKnow(Role role, String path) {
    return rules.stream()
        .anyMatch(r -> r.role().equals(role) && r.permission().path().equals(path));
  }

  /**
   * One thing one role may do.
   *
   * @param role who
   * @param permission what
   */
  public record Rule(Role role, Permission permission) {

    /**
     * A method on a path.
     *
     * @param method what
     * @param path to which resource
     */
    public record Permission(Method method, String path) {}
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.wardgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.access.AccessPolicy.Rule.Permission;
import io.wardgate.exchange.Method;
import io.wardgate.registry.Role;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What no rule allows is not allowed. */
class AccessPolicyTest {

  private static final List<String> PATHS = List.of("/vitals", "/config", "/a/b", "/");

  @Test
  void deniesEverythingByDefault() {
    for (Role role : Role.OF_THE_WARD) {
      for (String path : PATHS) {
        assertThat(AccessPolicy.denyAll().mayKnow(role, path)).isFalse();
        for (Method method : Method.values()) {
          assertThat(AccessPolicy.denyAll().allows(role, method, path)).isFalse();
        }
      }
    }
  }

  @Test
  void aRuleAllowsItsRoleMethodAndPathAndNothingElse() {
    AccessPolicy policy = AccessPolicy.denyAll().allow(Role.INFUSION_PUMP, Method.POST, "/vitals");
    for (Role role : Role.OF_THE_WARD) {
      for (Method method : Method.values()) {
        for (String path : PATHS) {
          boolean isTheRule =
              role.equals(Role.INFUSION_PUMP) && method == Method.POST && path.equals("/vitals");
          assertThat(policy.allows(role, method, path))
              .as("%s %s %s", role, method, path)
              .isEqualTo(isTheRule);
        }
      }
    }
  }

  @Test
  void aPathIsComparedLetterForLetter() {
    AccessPolicy policy = AccessPolicy.denyAll().allow(Role.ASSET_TAG, Method.GET, "/a/b");
    for (String near : List.of("/a", "/a/", "/a/b/", "/A/b", "//a/b", "/a//b", "/a/b/c", "a/b")) {
      assertThat(policy.allows(Role.ASSET_TAG, Method.GET, near)).as(near).isFalse();
      assertThat(policy.mayKnow(Role.ASSET_TAG, near)).as(near).isFalse();
    }
  }

  @Test
  void aStarIsALetterAndNoWildcard() {
    AccessPolicy policy = AccessPolicy.denyAll().allow(Role.ASSET_TAG, Method.GET, "/*");
    assertThat(policy.allows(Role.ASSET_TAG, Method.GET, "/vitals")).isFalse();
  }

  @Test
  void whoMayDoAnythingThereMayKnowOfIt() {
    AccessPolicy policy = AccessPolicy.denyAll().allow(Role.ECG_PATCH, Method.PUT, "/config");
    assertThat(policy.mayKnow(Role.ECG_PATCH, "/config")).isTrue();
    assertThat(policy.mayKnow(Role.ASSET_TAG, "/config")).isFalse();
  }

  @Test
  void aRuleAddedToOneCopyIsNotInTheOther() {
    AccessPolicy before = AccessPolicy.denyAll();
    AccessPolicy after = before.allow(Role.ECG_PATCH, Method.POST, "/vitals");
    assertThat(before.allows(Role.ECG_PATCH, Method.POST, "/vitals")).isFalse();
    assertThat(after.allows(Role.ECG_PATCH, Method.POST, "/vitals")).isTrue();
  }

  @Test
  void rolesGivenTogetherAreRulesOneByOne() {
    AccessPolicy policy =
        AccessPolicy.ofRoles(
            Map.of(
                Role.ECG_PATCH,
                Set.of(new Permission(Method.POST, "/vitals")),
                Role.BEDSIDE_MONITOR,
                Set.of(
                    new Permission(Method.POST, "/vitals"),
                    new Permission(Method.GET, "/config"))));
    assertThat(policy.allows(Role.ECG_PATCH, Method.POST, "/vitals")).isTrue();
    assertThat(policy.allows(Role.ECG_PATCH, Method.GET, "/config")).isFalse();
    assertThat(policy.allows(Role.BEDSIDE_MONITOR, Method.GET, "/config")).isTrue();
    assertThat(policy.allows(Role.BEDSIDE_MONITOR, Method.PUT, "/config")).isFalse();
  }
}

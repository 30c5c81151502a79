// SPDX-License-Identifier: Apache-2.0
package io.wardgate;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Inside core imports run downwards only; this is the list. */
class ImportOrderTest {

  /** From top to bottom; packages on one line do not know each other. */
  private static final List<Set<String>> ORDER =
      List.of(
          Set.of("gateway", "sensor"),
          Set.of("update"),
          Set.of("est"),
          Set.of("factory"),
          Set.of("ca"),
          Set.of("reading"),
          Set.of("access"),
          Set.of("exchange"),
          Set.of("identity"),
          Set.of("registry"),
          Set.of("audit"),
          Set.of("journal"),
          Set.of("state"),
          Set.of("keys"),
          Set.of("cose"),
          Set.of("cbor", "json"),
          Set.of("time"),
          Set.of(""));

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importLocations(
              List.of(
                  Location.of(DeviceId.class.getProtectionDomain().getCodeSource().getLocation())));

  @Test
  void everyPackageHasItsPlace() {
    assertThat(CORE.contain(DeviceId.class)).isTrue();
    assertThat(CORE.stream().map(ImportOrderTest::feature).distinct())
        .allMatch(feature -> place(feature) >= 0);
  }

  @Test
  void importsRunDownwardsOnly() {
    List<String> upwards =
        CORE.stream()
            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .filter(dependency -> isOurs(dependency.getTargetClass()))
            .filter(dependency -> !runsDownwards(dependency))
            .map(Dependency::getDescription)
            .sorted()
            .toList();
    assertThat(upwards).isEmpty();
  }

  private static boolean runsDownwards(Dependency dependency) {
    String from = feature(dependency.getOriginClass());
    String to = feature(dependency.getTargetClass());
    return from.equals(to) || place(from) < place(to);
  }

  private static int place(String feature) {
    for (int place = 0; place < ORDER.size(); place++) {
      if (ORDER.get(place).contains(feature)) {
        return place;
      }
    }
    return -1;
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().equals("io.wardgate")
        || type.getPackageName().startsWith("io.wardgate.");
  }

  /** The part of the package name after {@code io.wardgate}; empty for that package itself. */
  private static String feature(JavaClass type) {
    String[] parts = type.getPackageName().split("\\.", -1);
    return parts.length > 2 ? parts[2] : "";
  }
}

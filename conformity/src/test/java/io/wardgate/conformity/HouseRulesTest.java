// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import io.wardgate.DeviceId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What holds across all modules; a module is covered once this one depends on it. */
class HouseRulesTest {

  /** Where the system's clock and randomness may enter; everywhere else they are handed in. */
  private static final List<String> WIRING =
      List.of(
          "io.wardgate.gateway.GatewayBuilder",
          "io.wardgate.gateway.GatewayWiring",
          "io.wardgate.sensor.SensorClient$Builder",
          "io.wardgate.transport.DtlsEndpoint",
          "io.wardgate.transport.DtlsSensorTransport",
          // Waits for real hardware.
          "io.wardgate.keys.Pkcs11Vault",
          // Delays real datagrams between real sockets.
          "io.wardgate.testkit.net.ImpairmentProxy",
          "io.wardgate.cli.",
          "io.wardgate.examples.",
          // Makes keys for tests, and is never shipped.
          "io.wardgate.fixtures.");

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.wardgate");

  @Test
  void onlyTransportKnowsCalifornium() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.wardgate.transport..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.californium..")
        .allowEmptyShould(true)
        .check(OURS);
  }

  @Test
  void onlyTheProgramsChooseALoggingBackEnd() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.wardgate.cli..", "io.wardgate.examples..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ch.qos.logback..")
        .allowEmptyShould(true)
        .check(OURS);
  }

  @Test
  void coreOpensNoSocket() {
    Location core = Location.of(DeviceId.class.getProtectionDomain().getCodeSource().getLocation());
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importLocations(List.of(core));
    assertThat(classes.contain(DeviceId.class)).isTrue();
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.net\\.(Server|Datagram|Multicast)?Socket"
                + "|java\\.nio\\.channels\\.[A-Za-z]*(Socket|Datagram)Channel"
                + "|java\\.net\\.URLConnection|java\\.net\\.http\\..*|javax\\.net\\..*")
        .check(classes);
  }

  @Test
  void timeAndRandomnessComeInThroughTheWiring() {
    List<String> taken =
        OURS.stream()
            .filter(type -> WIRING.stream().noneMatch(prefix -> isIn(type, prefix)))
            .flatMap(type -> type.getAccessesFromSelf().stream())
            .filter(HouseRulesTest::takesTimeOrRandomness)
            .map(JavaAccess::getDescription)
            .toList();
    assertThat(taken).isEmpty();
  }

  @Test
  void theRuleOnTimeAndRandomnessSeesWhereTheyEnter() {
    // The fixtures do take both; were they not seen, the rule above would hold for nothing.
    assertThat(
            OURS.stream()
                .filter(type -> isIn(type, "io.wardgate.fixtures."))
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(HouseRulesTest::takesTimeOrRandomness)
                .map(access -> access.getTarget().getFullName()))
        .anyMatch(name -> name.startsWith("java.security.SecureRandom.<init>"))
        .anyMatch(name -> name.startsWith("java.time.InstantSource.system"));
  }

  @Test
  void everyPackageIsNullMarked() {
    List<String> unmarked =
        OURS.stream()
            .map(JavaClass::getPackage)
            .distinct()
            .filter(found -> !isNullMarked(found))
            .map(JavaPackage::getName)
            .toList();
    assertThat(unmarked).isEmpty();
    assertThat(OURS.contain(DeviceId.class)).isTrue();
  }

  /** A prefix that ends in a dot is a package, any other a class with what is nested in it. */
  private static boolean isIn(JavaClass type, String prefix) {
    String name = type.getName();
    return prefix.endsWith(".")
        ? name.startsWith(prefix)
        : name.equals(prefix) || name.startsWith(prefix + "$");
  }

  private static boolean isNullMarked(JavaPackage found) {
    return Stream.of(found.tryGetPackageInfo())
        .flatMap(Optional::stream)
        .anyMatch(info -> info.isAnnotatedWith(NullMarked.class));
  }

  private static boolean takesTimeOrRandomness(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getTarget().getName();
    boolean withoutArguments = access.getTarget().getFullName().endsWith("()");
    return switch (owner) {
      case "java.lang.System" -> name.equals("currentTimeMillis") || name.equals("nanoTime");
      case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
      case "java.time.InstantSource" -> name.equals("system");
      case "java.security.SecureRandom" -> name.equals("<init>") || name.startsWith("getInstance");
      case "java.util.Date", "java.util.Random", "java.util.SplittableRandom" ->
          name.equals("<init>") && withoutArguments;
      case "java.util.concurrent.ThreadLocalRandom" -> name.equals("current");
      case "java.util.random.RandomGenerator" -> name.equals("getDefault") || name.equals("of");
      case "java.util.Calendar" -> name.equals("getInstance");
      case "java.util.UUID" -> name.equals("randomUUID");
      case "java.lang.Math" -> name.equals("random");
      default -> owner.startsWith("java.time.") && name.equals("now");
    };
  }
}

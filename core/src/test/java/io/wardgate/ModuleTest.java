// SPDX-License-Identifier: Apache-2.0
package io.wardgate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the module shows to those who link it. */
class ModuleTest {

  private static final Set<String> OURS_ALONE =
      Set.of("io.wardgate.cbor", "io.wardgate.journal", "io.wardgate.json");

  @Test
  void exportsEveryPackageButItsParsers() throws Exception {
    ModuleDescriptor module = descriptor();
    Set<String> exported =
        module.exports().stream()
            .filter(export -> !export.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toSet());
    Set<String> expected = packages();
    expected.removeAll(OURS_ALONE);
    assertThat(module.name()).isEqualTo("io.wardgate.core");
    assertThat(exported).isEqualTo(expected);
  }

  @Test
  void needsNothingButBouncyCastleAndSlf4jAtRunTime() throws Exception {
    assertThat(
            descriptor().requires().stream()
                .filter(r -> !r.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                .map(ModuleDescriptor.Requires::name))
        .containsExactlyInAnyOrder(
            "java.base", "org.bouncycastle.provider", "org.bouncycastle.pkix", "org.slf4j");
  }

  private static Path classes() throws Exception {
    return Path.of(DeviceId.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static ModuleDescriptor descriptor() throws Exception {
    try (InputStream in = Files.newInputStream(classes().resolve("module-info.class"))) {
      return ModuleDescriptor.read(in);
    }
  }

  private static Set<String> packages() throws Exception {
    Path root = classes();
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .map(file -> root.relativize(file).getParent())
          .filter(folder -> folder != null)
          .map(folder -> folder.toString().replace('/', '.'))
          .collect(Collectors.toSet());
    }
  }
}

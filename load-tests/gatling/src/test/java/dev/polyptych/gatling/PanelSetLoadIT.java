package dev.polyptych.gatling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few callers of each kind against the distribution that was built before this module. */
class PanelSetLoadIT {
  private static final Path DISTRIBUTION = Path.of("../../cli/target/polyptych").toAbsolutePath();

  /** How fast it is here means nothing. */
  private static final Duration ANY = Duration.ofMinutes(5);

  @Test
  void everyCallIsAnsweredAsPromised(@TempDir Path results)
      throws IOException, InterruptedException {
    assumeTrue(Files.isDirectory(DISTRIBUTION.resolve("lib")), "no distribution was built");
    try (RunningCluster cluster = RunningCluster.start(command())) {
      // Given
      LoadSettings settings =
          new LoadSettings(cluster.dispatcher(), 3, Duration.ofSeconds(4), ANY, ANY);
      // When
      boolean met = new LoadRun(results, ANY).load(settings);
      // Then
      String report = LoadReport.read(results).markdown(settings, 3, met);
      Map<String, String> errors =
          report
              .lines()
              .map(line -> line.split(" *\\| *"))
              .filter(cells -> cells.length > 3)
              .collect(Collectors.toMap(cells -> cells[1], cells -> cells[3]));
      assertTrue(met, report);
      assertEquals("0", errors.get("submit"), report);
      assertEquals("0", errors.get("panel again"), report);
    }
  }

  /** Without the launcher, which would build. */
  private static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Dai.djl.offline=true",
        "-Dpolyptych.home=" + DISTRIBUTION,
        "-Xmx2g",
        "-cp",
        Stream.of("lib", "lib/worker", "lib/embedded")
            .map(part -> DISTRIBUTION.resolve(part) + "/*")
            .collect(Collectors.joining(File.pathSeparator)),
        "dev.polyptych.cli.Polyptych");
  }
}

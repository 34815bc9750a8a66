package dev.polyptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.tiny.TinyModels;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command in installations that lack a part, each in a JVM of its own. */
class InstallationPartsIT {
  /** What tells the entries of a part from others on this JVM's class path. */
  private static final List<String> WORKER =
      List.of("gpu-worker", "/engine/", "polyptych-engine", "training", "weights", "pytorch");

  private static final List<String> EMBEDDED =
      List.of("embedded", "kafka_2.13", "kafka-server", "kafka-metadata", "scala");

  private record Run(int status, String text) {}

  @ParameterizedTest
  @ValueSource(strings = {"worker", "engine", "tune", "up", "demo"})
  void withoutTheWorkerACommandThatNeedsItNamesTheRemedy(String command) throws Exception {
    Run run = run(dispatcherOnly(), command, "--set", "a=b");

    assertEquals(1, run.status(), run.text());
    assertTrue(
        run.text().startsWith("polyptych " + command + ": This installation lacks"), run.text());
    assertTrue(run.text().contains("image"), run.text());
  }

  @Test
  void theHelpOfAMissingCommandSaysWhatIsMissing() throws Exception {
    Run run = run(dispatcherOnly(), "worker", "--help");

    assertEquals(0, run.status(), run.text());
    assertTrue(run.text().contains("lib/worker"), run.text());
  }

  @Test
  void aDispatcherNeedsNeitherEngineNorBroker() throws Exception {
    Run run = run(dispatcherOnly(), "rehearse");

    assertEquals(0, run.status(), run.text());
  }

  @Test
  void withoutTheEmbeddedBrokerRenderAsksForADispatcher() throws Exception {
    Run run = run(without(EMBEDDED), "render");

    assertEquals(1, run.status(), run.text());
    assertTrue(run.text().contains("--dispatcher"), run.text());
  }

  @Test
  void aWorkersInstallationRehearsesItsEngine() throws Exception {
    Run run = run(without(EMBEDDED), "rehearse");

    assertEquals(0, run.status(), run.text());
  }

  private static String dispatcherOnly() {
    return without(Stream.concat(WORKER.stream(), EMBEDDED.stream()).toList());
  }

  private static String without(List<String> words) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> words.stream().noneMatch(belowTheCheckout(entry)::contains))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The checkout may lie in a folder of any name. */
  private static String belowTheCheckout(String entry) {
    String checkout = Path.of("").toAbsolutePath().getParent().toString();
    return entry.startsWith(checkout) ? entry.substring(checkout.length()) : entry;
  }

  private static Run run(String classPath, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:TieredStopAtLevel=1",
            "-Xmx512m",
            "-Dai.djl.offline=true",
            "-Dpolyptych.home=" + TinyModels.home(),
            "-Dpolyptych.model=tiny",
            "-cp",
            classPath,
            Polyptych.class.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(2, TimeUnit.MINUTES), "the command hangs");
      return new Run(process.exitValue(), text);
    } finally {
      process.destroyForcibly();
    }
  }
}

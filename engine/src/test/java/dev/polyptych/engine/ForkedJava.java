package dev.polyptych.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a JVM of its own, with this one's class path and flags. */
public final class ForkedJava {
  private static final int PATIENCE_SECONDS = 240;

  /** One arena, trimmed at once: what the allocator keeps would blur the memory's measure. */
  private static final Map<String, String> TRIMMED =
      Map.of("MALLOC_ARENA_MAX", "1", "MALLOC_TRIM_THRESHOLD_", "65536");

  /** As the launcher sets them. */
  private static final Map<String, String> LAUNCHED =
      Map.of("MALLOC_MMAP_THRESHOLD_", "8388608", "MALLOC_TRIM_THRESHOLD_", "33554432");

  private ForkedJava() {}

  /** What it printed; fails unless it ends with status 0. */
  public static String run(Class<?> main, String... arguments) throws Exception {
    return run(TRIMMED, main.getName(), arguments);
  }

  /** As {@link #run}, with the allocator as in a process of the launcher. */
  public static String runLaunched(Class<?> main, String... arguments) throws Exception {
    return run(LAUNCHED, main.getName(), arguments);
  }

  /** Compiles and runs one source file; what it printed. Fails unless it ends with status 0. */
  public static String runSource(Path source, String... arguments) throws Exception {
    return run(TRIMMED, source.toString(), arguments);
  }

  private static String run(Map<String, String> allocator, String what, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith("--enable-native") || flag.startsWith("--sun") || flag.startsWith("-D")) {
        command.add(flag);
      }
    }
    // The JVM's own memory settles at once: a heap that does not grow, no second compiler.
    command.addAll(List.of("-Xms96m", "-Xmx96m", "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch"));
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of("-cp", classPath(), what));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(allocator);
    return output(builder);
  }

  private static String classPath() {
    String surefire = System.getProperty("surefire.test.class.path");
    return surefire == null ? System.getProperty("java.class.path") : surefire;
  }

  private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
    Path output = Files.createTempFile("forked", ".txt");
    Process process = builder.redirectOutput(new File(output.toString())).start();
    try {
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the other JVM hangs");
      String printed = Files.readString(output);
      assertEquals(0, process.exitValue(), printed);
      return printed;
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}

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
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a JVM of its own, with this one's class path and flags. */
public final class ForkedJava {
  private static final int PATIENCE_SECONDS = 240;

  private ForkedJava() {}

  /** What it printed; fails unless it ends with status 0. */
  public static String run(Class<?> main, String... arguments) throws Exception {
    return run(main.getName(), arguments);
  }

  /** Compiles and runs one source file; what it printed. Fails unless it ends with status 0. */
  public static String runSource(Path source, String... arguments) throws Exception {
    return run(source.toString(), arguments);
  }

  private static String run(String what, String... arguments) throws Exception {
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
    return output(new ProcessBuilder(command).redirectErrorStream(true));
  }

  private static String classPath() {
    String surefire = System.getProperty("surefire.test.class.path");
    return surefire == null ? System.getProperty("java.class.path") : surefire;
  }

  private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
    Path output = Files.createTempFile("forked", ".txt");
    // One arena, trimmed at once: what the allocator keeps would blur the memory's measure.
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    builder.environment().put("MALLOC_TRIM_THRESHOLD_", "65536");
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

package dev.polyptych.lab.process;

import dev.polyptych.cli.Polyptych;
import dev.polyptych.cli.command.Home;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Command lines of child processes: the same Java, class path and installation as this process. */
public final class ChildJava {
  private static final String START_CACHE = "-XX:AOTCache=";
  private static final String MAIN = Polyptych.class.getName();

  private ChildJava() {}

  /** Whether this JVM was started with a start cache. */
  public static boolean startCache() {
    return arguments().stream().anyMatch(flag -> flag.startsWith(START_CACHE));
  }

  /**
   * The {@code polyptych} command in a JVM with this one's flags.
   *
   * @param cached with this JVM's start cache, or without one
   */
  public static List<String> alike(boolean cached) {
    List<String> command = new ArrayList<>();
    command.add(java());
    arguments().stream()
        .filter(flag -> flag.startsWith("-X") || flag.startsWith("-D") || flag.startsWith("--"))
        .filter(flag -> cached || !flag.startsWith(START_CACHE))
        .forEach(command::add);
    command.addAll(installation());
    // The command logs by its own configuration, not by this process's.
    command.add("-Dlogback.configurationFile=logback.xml");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    return command;
  }

  /** A {@code polyptych} subcommand with settings, in a JVM with little memory. */
  public static List<String> polyptych(String subcommand, Map<String, String> settings) {
    List<String> line = command();
    line.addAll(List.of(MAIN, subcommand));
    settings.forEach((key, value) -> line.addAll(List.of("--set", key + "=" + value)));
    return line;
  }

  /** A JVM with little memory, without a main class. The caller may add to the list. */
  public static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:TieredStopAtLevel=1",
            "-Dai.djl.offline=true"));
    command.addAll(installation());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }

  private static List<String> installation() {
    return List.of(
        "-Dpolyptych.home=" + Path.of(System.getProperty("polyptych.home", "")).toAbsolutePath(),
        "-Dpolyptych.model=" + Home.builtInCatalog());
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static List<String> arguments() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments();
  }
}

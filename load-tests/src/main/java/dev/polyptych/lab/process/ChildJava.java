package dev.polyptych.lab.process;

import dev.polyptych.cli.command.Home;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How processes of ours are started from this one: the same Java, class path and installation. */
public final class ChildJava {
  private static final String START_CACHE = "-XX:AOTCache=";

  private ChildJava() {}

  /** Whether this JVM was told to use a start cache. */
  public static boolean startCache() {
    return arguments().stream().anyMatch(flag -> flag.startsWith(START_CACHE));
  }

  /**
   * The command line of a JVM with this one's flags.
   *
   * @param cached with the start cache that this one has, or without
   */
  public static List<String> alike(boolean cached, String main) {
    List<String> command = new ArrayList<>();
    command.add(java());
    arguments().stream()
        .filter(flag -> flag.startsWith("-X") || flag.startsWith("-D") || flag.startsWith("--"))
        .filter(flag -> cached || !flag.startsWith(START_CACHE))
        .forEach(command::add);
    command.addAll(installation());
    // What the command logs, whatever this process logs.
    command.add("-Dlogback.configurationFile=logback.xml");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    return command;
  }

  /** The command line without a main class; in little memory. */
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

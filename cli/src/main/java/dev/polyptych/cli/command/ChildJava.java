package dev.polyptych.cli.command;

import java.nio.file.Path;
import java.util.List;

/** How processes of ours are started from this one: the same Java, class path and installation. */
final class ChildJava {
  private ChildJava() {}

  /** The command line without a main class; in little memory. */
  static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-XX:+UseSerialGC",
        "-Xmx512m",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:TieredStopAtLevel=1",
        "-Dai.djl.offline=true",
        "-Dpolyptych.home=" + Path.of(System.getProperty("polyptych.home", "")).toAbsolutePath(),
        "-Dpolyptych.model=" + Home.builtInCatalog(),
        "-cp",
        System.getProperty("java.class.path"));
  }
}

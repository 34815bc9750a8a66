package dev.polyptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher script and its start cache on a JVM that really makes and checks one. What it starts
 * is a main class that is quickly learnt; the whole command is rehearsed by whoever builds.
 */
class LauncherIT {
  private static final String MAIN =
      """
      package dev.polyptych.cli;
      public class Polyptych {
        public static void main(String[] arguments) {
          String more = arguments[0].equals("encoding")
              ? " " + System.getProperty("sun.jnu.encoding") : "";
          System.out.println("ran " + String.join(" ", arguments) + more);
          System.exit(arguments[0].equals("fail") || System.getenv("FAIL") != null ? 3 : 0);
        }
      }
      """;

  private static final String SAID = "ran --version\n";

  @TempDir private static Path installation;

  @TempDir private Path folder;

  private Path home;
  private Path loaded;

  private record Run(int status, String out, String err) {}

  @BeforeAll
  static void rehearse() throws Exception {
    Path lib = Files.createDirectories(installation.resolve("lib"));
    jar(lib.resolve("polyptych.jar"), classes());
    Files.copy(Path.of("../polyptych"), installation.resolve("polyptych"));

    Run rehearsal = started(installation, Map.of(), "rehearse");

    assertEquals(0, rehearsal.status(), rehearsal.err());
    assertEquals("", rehearsal.out());
    assertTrue(rehearsal.err().matches("(?s).*start\\.aot \\(\\d+ MB\\)\n"), rehearsal.err());
  }

  @BeforeEach
  void install() throws IOException {
    home = folder.resolve("moved here");
    loaded = folder.resolve("loaded.log");
    Files.createDirectories(home.resolve("lib"));
    for (String file : List.of("polyptych", "start.aot", "start.aot.jars", "lib/polyptych.jar")) {
      Files.copy(
          installation.resolve(file), home.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  @Test
  void startsWithTheCacheAlsoFromAnotherFolder() throws Exception {
    assertEquals(new Run(0, SAID, ""), version());

    assertTrue(mainClassIsCached());
  }

  @Test
  void theLocaleCDoesNotHideFilesWhoseNamesHaveOtherLetters() throws Exception {
    Run run = started(home, Map.of("LC_ALL", "C"), "encoding");

    assertEquals(new Run(0, "ran encoding UTF-8\n", ""), run);
  }

  @Test
  void aBrokenCacheIsPassedOverWithoutAWord() throws Exception {
    Files.writeString(home.resolve("start.aot"), "no cache");

    assertEquals(new Run(0, SAID, ""), version());

    assertFalse(mainClassIsCached());
  }

  @Test
  void aCacheThatEndsTooSoonIsPassedOver() throws Exception {
    Path cache = home.resolve("start.aot");
    byte[] all = Files.readAllBytes(cache);
    try (OutputStream half = Files.newOutputStream(cache, StandardOpenOption.TRUNCATE_EXISTING)) {
      half.write(all, 0, all.length / 2);
    }

    assertEquals(new Run(0, SAID, ""), version());

    assertFalse(mainClassIsCached());
  }

  @Test
  void anotherJdksCacheIsPassedOver() throws Exception {
    Path cache = home.resolve("start.aot");
    byte[] all = Files.readAllBytes(cache);
    String header = new String(all, 0, 4096, StandardCharsets.ISO_8859_1);
    int version = header.indexOf(System.getProperty("java.vm.version"));
    assertTrue(version > 0, "the cache names no version");
    all[version] = 'X';
    Files.write(cache, all);

    assertEquals(new Run(0, SAID, ""), version());

    assertFalse(mainClassIsCached());
  }

  @Test
  void aCacheOfOtherJarsIsPassedOver() throws Exception {
    Path jar = home.resolve("lib/polyptych.jar");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.ofEpochSecond(1_000_000_000)));

    assertEquals(new Run(0, SAID, ""), version());

    assertFalse(mainClassIsCached());
  }

  @Test
  void aCacheOfOtherPartsIsPassedOver() throws Exception {
    Path part = Files.createDirectories(home.resolve("lib/worker"));
    Files.copy(home.resolve("lib/polyptych.jar"), part.resolve("more.jar"));

    assertEquals(new Run(0, SAID, ""), version());

    assertFalse(mainClassIsCached());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lib", "lib/worker", "lib/embedded"})
  void theJarsOfAllPartsAreOnTheClassPath(String part) throws Exception {
    Path jar = home.resolve("lib/polyptych.jar");
    Files.createDirectories(home.resolve(part));
    Files.move(jar, folder.resolve("polyptych.jar"));
    Files.move(folder.resolve("polyptych.jar"), home.resolve(part).resolve("polyptych.jar"));

    assertEquals(new Run(0, SAID, ""), version());
  }

  @Test
  void withOtherFlagsOfTheJvmItStartsAllTheSame() throws Exception {
    assertEquals(new Run(0, SAID, ""), version("-XX:-UseCompressedOops"));
    assertEquals(new Run(0, SAID, ""), version("-Xshare:off"));

    assertFalse(mainClassIsCached());
  }

  @Test
  void offStartsWithoutIt() throws Exception {
    Run run = run(home, Map.of("POLYPTYCH_START_CACHE", "off"), "--version");

    assertEquals(new Run(0, SAID, ""), run);
    assertFalse(mainClassIsCached());
  }

  @Test
  void theCacheMayLieElsewhereThanTheInstallation() throws Exception {
    Path elsewhere = Files.move(home.resolve("start.aot"), folder.resolve("my cache"));
    Files.move(home.resolve("start.aot.jars"), folder.resolve("my cache.jars"));

    Run run = run(home, Map.of("POLYPTYCH_START_CACHE", elsewhere.toString()), "--version");

    assertEquals(new Run(0, SAID, ""), run);
    assertTrue(mainClassIsCached());
  }

  @Test
  void aRehearsalThatFailsKeepsTheOldCacheAndLeavesNothingElse() throws Exception {
    Run rehearsal = run(home, Map.of("FAIL", "yes"), "rehearse");

    assertEquals(1, rehearsal.status());
    assertTrue(rehearsal.err().contains("start.aot.log"), rehearsal.err());
    try (var files = Files.list(home)) {
      assertEquals(
          List.of("lib", "polyptych", "start.aot", "start.aot.jars", "start.aot.log"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
    assertEquals(-1, Files.mismatch(installation.resolve("start.aot"), home.resolve("start.aot")));
  }

  @Test
  void whereNoCacheCanBeWrittenTheRehearsalNamesTheRemedy() throws Exception {
    Path nowhere = folder.resolve("none/start.aot");

    Run rehearsal = run(home, Map.of("POLYPTYCH_START_CACHE", nowhere.toString()), "rehearse");

    assertEquals(1, rehearsal.status());
    assertTrue(rehearsal.err().contains("POLYPTYCH_START_CACHE"), rehearsal.err());
  }

  private Run version(String... flags) throws Exception {
    return run(home, Map.of("FLAGS", String.join(" ", flags)), "--version");
  }

  private boolean mainClassIsCached() throws IOException {
    String main =
        Files.readAllLines(loaded).stream()
            .filter(line -> line.contains(" dev.polyptych.cli.Polyptych "))
            .findFirst()
            .orElseThrow();
    return main.contains("source: shared objects file");
  }

  private Run run(Path home, Map<String, String> environment, String argument) throws Exception {
    Map<String, String> all = new HashMap<>(environment);
    String log = "-Xlog:class+load:file=" + loaded;
    all.put("POLYPTYCH_JAVA_OPTIONS", log + " " + environment.getOrDefault("FLAGS", ""));
    return started(home, all, argument);
  }

  private static Run started(Path home, Map<String, String> environment, String argument)
      throws Exception {
    Path out = Files.createTempFile("launcher", ".out");
    Path err = Files.createTempFile("launcher", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(home.resolve("polyptych").toString(), argument)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(2, TimeUnit.MINUTES), "the launcher hangs");
      return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      process.destroyForcibly();
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static Path classes() throws IOException {
    Path source = Files.writeString(installation.resolve("Polyptych.java"), MAIN);
    Path classes = Files.createDirectories(installation.resolve("classes"));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), source.toString());
    assertEquals(0, status, "the main class does not compile");
    return classes;
  }

  private static void jar(Path jar, Path classes) throws IOException {
    String name = "dev/polyptych/cli/Polyptych.class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry(name));
      Files.copy(classes.resolve(name), out);
    }
  }
}

package dev.polyptych.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That what the table of pitfalls names is there. */
class PitfallsTest {
  private static final Path ROOT = Tools.MODULE.getParent();
  private static final Pattern ROW = Pattern.compile("(?m)^\\|[^|]+\\|[^|]+\\|([^|]+)\\|$");
  private static final Pattern NAME = Pattern.compile("`([A-Za-z-]+)(?:\\.([A-Za-z]+))?`");

  @Test
  void everyPitfallNamesATestOrASourceThatIsThere() throws IOException {
    Map<String, Path> sources = sources();
    List<String> missing = new ArrayList<>();
    int named = 0;
    Matcher row = ROW.matcher(table());
    while (row.find()) {
      Matcher name = NAME.matcher(row.group(1));
      boolean any = false;
      while (name.find()) {
        any = true;
        named++;
        if (!isThere(name, sources)) {
          missing.add(name.group());
        }
      }
      assertTrue(
          any || row.group(1).contains("where") || row.group(1).contains("---"), row.group());
    }

    assertTrue(named > 35, named + " names");
    assertEquals(List.of(), missing);
  }

  private static boolean isThere(Matcher name, Map<String, Path> sources) throws IOException {
    if ("yaml".equals(name.group(2))) {
      try (Stream<Path> all = Files.walk(Tools.MODULE)) {
        return all.anyMatch(file -> file.endsWith(name.group(1) + ".yaml"));
      }
    }
    Path source = sources.get(name.group(1));
    return source != null
        && (name.group(2) == null
            || Files.readString(source).contains("void " + name.group(2) + "("));
  }

  private static String table() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/kubernetes.md"));
    String after = page.substring(page.indexOf("\n## What broke elsewhere"));
    return after.substring(0, after.indexOf("\n## ", 1));
  }

  private static Map<String, Path> sources() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      return modules
          .map(module -> module.resolve("src"))
          .filter(Files::isDirectory)
          .flatMap(PitfallsTest::java)
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  Function.identity(),
                  (one, other) -> one));
    }
  }

  private static Stream<Path> java(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }
}

package dev.polyptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.schema.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/logs.md} is the vocabulary of all modules' log lines. */
class LogKeysTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern USED = Pattern.compile("addKeyValue\\(\\s*\"([^\"]*)\"");
  private static final Pattern USE = Pattern.compile("addKeyValue\\(");
  private static final Pattern LISTED = Pattern.compile("(?m)^\\| `([a-z]+)` \\|");

  @Test
  void everyKeyThatIsUsedIsListedAndEveryKeyThatIsListedIsUsed() throws IOException {
    Set<String> used = new TreeSet<>();
    for (String source : sources()) {
      USED.matcher(source).results().forEach(use -> used.add(use.group(1)));
    }
    String vocabulary = Files.readString(ROOT.resolve("docs/logs.md")).split("# Spans")[0];

    assertEquals(
        LISTED
            .matcher(vocabulary)
            .results()
            .map(line -> line.group(1))
            .collect(Collectors.toCollection(TreeSet::new)),
        used);
  }

  @Test
  void keysAreWrittenWhereTheyAreUsedSoThatTheyCanBeFound() throws IOException {
    for (String source : sources()) {
      assertEquals(USE.matcher(source).results().count(), USED.matcher(source).results().count());
    }
  }

  @Test
  void jsonLinesCarryMessageAndKeys() throws Exception {
    String line = logged("json");

    JsonNode json = Json.mapper().readTree(line);
    assertEquals("taken", json.path("formattedMessage").textValue());
    assertEquals("INFO", json.path("level").textValue());
    assertEquals("j-1", json.at("/kvpList/0/job").textValue());
  }

  @Test
  void textLinesShowTheKeysToo() throws Exception {
    assertTrue(logged("text").contains("taken job=j-1"), () -> "no keys");
  }

  /** What the command's own configuration makes of a line. */
  @SuppressWarnings("SystemOut") // where the console appender writes
  private static String logged(String format) throws Exception {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.putProperty("POLYPTYCH_LOG_FORMAT", format);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      JoranConfigurator configurator = new JoranConfigurator();
      configurator.setContext(context);
      configurator.doConfigure(LogKeysTest.class.getResource("/logback.xml"));
      Logger logger = context.getLogger("dev.polyptych.test");
      logger.atInfo().addKeyValue("job", "j-1").log("taken");
      context.stop();
    } finally {
      System.setErr(before);
    }
    return written.toString(StandardCharsets.UTF_8);
  }

  private static Set<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().contains("/src/main/java/"))
          .filter(file -> file.toString().endsWith(".java"))
          .map(LogKeysTest::text)
          .collect(Collectors.toSet());
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}

package dev.polyptych.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

class LogLinesTest {
  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final Logger ours = context.getLogger("dev.polyptych");
  private final Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Level before = ours.getLevel();
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final OutputStreamAppender<ILoggingEvent> screen = new OutputStreamAppender<>();

  @TempDir private Path folder;

  /** Takes the screen's place, as logback.xml names it. */
  @BeforeEach
  void show() {
    ours.setLevel(Level.INFO);
    PatternLayoutEncoder lines = new PatternLayoutEncoder();
    lines.setContext(context);
    lines.setPattern("%level %msg;");
    lines.start();
    screen.setName("stderr");
    screen.setContext(context);
    screen.setEncoder(lines);
    screen.setOutputStream(shown);
    screen.start();
    root.addAppender(screen);
  }

  @AfterEach
  void restore() {
    ours.setLevel(before);
    root.detachAppender(screen);
    Optional.ofNullable(root.getAppender("file")).ifPresent(root::detachAppender);
  }

  @Test
  void showsWarningsAndKeepsTheRestInAFile() throws Exception {
    Path log = lines().toFolder(folder.resolve("data")).orElseThrow();

    tell();

    assertEquals("WARN look out;", shown.toString(UTF_8));
    assertEquals("INFO all is well;WARN look out;", Files.readString(log));
  }

  @Test
  void showsWarningsOnly() {
    lines().warningsOnly();

    tell();

    assertEquals("WARN look out;", shown.toString(UTF_8));
  }

  @Test
  void showsEverythingWhenAsked() {
    Optional<Path> log = lines("-v").toFolder(folder);
    lines("--verbose").warningsOnly();

    tell();

    assertFalse(log.isPresent());
    assertEquals("INFO all is well;WARN look out;", shown.toString(UTF_8));
  }

  private void tell() {
    ours.info("all is well");
    ours.warn("look out");
  }

  private static LogLines lines(String... arguments) {
    LogLines lines = new LogLines();
    new CommandLine(lines).parseArgs(arguments);
    return lines;
  }
}

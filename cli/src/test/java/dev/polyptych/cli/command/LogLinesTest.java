package dev.polyptych.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  private final List<String> shown = new ArrayList<>();
  private final AppenderBase<ILoggingEvent> screen =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          shown.add(event.getFormattedMessage());
        }
      };

  @TempDir private Path folder;

  /** Takes the screen's place, as logback.xml names it. */
  @BeforeEach
  void show() {
    ours.setLevel(Level.INFO);
    screen.setName("stderr");
    screen.setContext(context);
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

    assertEquals(List.of("look out"), shown);
    String written = Files.readString(log);
    assertTrue(written.contains("INFO"), written);
    assertTrue(written.contains("all is well"), written);
    assertTrue(written.contains("look out"), written);
  }

  @Test
  void showsWarningsOnly() {
    lines().warningsOnly();

    tell();

    assertEquals(List.of("look out"), shown);
  }

  @Test
  void showsEverythingWhenAsked() {
    Optional<Path> log = lines("-v").toFolder(folder);
    lines("--verbose").warningsOnly();

    tell();

    assertFalse(log.isPresent());
    assertEquals(List.of("all is well", "look out"), shown);
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

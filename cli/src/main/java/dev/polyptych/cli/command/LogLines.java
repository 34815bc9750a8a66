package dev.polyptych.cli.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/**
 * What a person at a terminal sees of the log. Services log everything; a command that prints its
 * own progress shows warnings and errors only, unless {@code POLYPTYCH_LOG_LEVEL} or {@code
 * POLYPTYCH_LOG_FORMAT} asks for the lines.
 */
final class LogLines {
  private static final String FILE = "polyptych.log";

  private static final String OURS = "dev.polyptych";
  private static final long MEGABYTES = 10;

  @Option(
      names = {"-v", "--verbose"},
      description = "Print the log's lines of level INFO, too.")
  private boolean verbose;

  /** Shows warnings and errors only. */
  void warningsOnly() {
    if (byDefault()) {
      context().getLogger(OURS).setLevel(Level.WARN);
    }
  }

  /**
   * Shows warnings and errors only, and writes all lines to a file below a folder.
   *
   * @return the file; empty if all lines are shown, or the folder can't be written to
   */
  Optional<Path> toFolder(Path folder) {
    if (!byDefault()) {
      return Optional.empty();
    }
    Logger root = context().getLogger(Logger.ROOT_LOGGER_NAME);
    if (!writable(folder)
        || !(root.getAppender("stderr") instanceof OutputStreamAppender<ILoggingEvent> screen)
        || !(screen.getEncoder() instanceof PatternLayoutEncoder shown)) {
      warningsOnly();
      return Optional.empty();
    }
    ThresholdFilter warnings = new ThresholdFilter();
    warnings.setLevel(Level.WARN.toString());
    warnings.start();
    screen.addFilter(warnings);
    Path log = folder.resolve(FILE);
    root.addAppender(file(log, shown.getPattern()));
    return Optional.of(log);
  }

  private boolean byDefault() {
    return !verbose
        && System.getenv("POLYPTYCH_LOG_LEVEL") == null
        && System.getenv("POLYPTYCH_LOG_FORMAT") == null;
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  /** If not, the command says so itself. */
  private static boolean writable(Path folder) {
    try {
      return Files.isWritable(Files.createDirectories(folder));
    } catch (IOException unusable) {
      return false;
    }
  }

  private static Appender<ILoggingEvent> file(Path log, String pattern) {
    LoggerContext context = context();
    PatternLayoutEncoder lines = new PatternLayoutEncoder();
    lines.setContext(context);
    lines.setPattern(pattern);
    lines.start();
    RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
    file.setContext(context);
    file.setName("file");
    file.setFile(log.toString());
    file.setEncoder(lines);
    FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
    names.setContext(context);
    names.setParent(file);
    names.setFileNamePattern(log + ".%i");
    names.setMaxIndex(1);
    names.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(new FileSize(MEGABYTES << 20));
    size.start();
    file.setRollingPolicy(names);
    file.setTriggeringPolicy(size);
    file.start();
    return file;
  }
}

package dev.polyptych.schema.config;

import dev.polyptych.schema.error.FieldProblem;
import java.util.List;

/** The settings are wrong. The message lists all problems, one per line. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
  }

  public static ConfigException of(List<FieldProblem> problems) {
    return new ConfigException(
        problems.stream().map(problem -> problem.field() + ": " + problem.detail()).toList());
  }
}

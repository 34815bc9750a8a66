package dev.polyptych.dispatcher;

import java.util.regex.Matcher;

/** Bodies of submissions. */
public final class Requests {
  public static final String COUPLE =
      """
      {"task": "couple-profile", "prompt": "two cats", "panels": ["a black cat", "a white cat"]}
      """;

  private Requests() {}

  /** {@link #COUPLE} with one more field. */
  public static String coupleWith(String field) {
    return COUPLE.strip().replaceFirst("}$", Matcher.quoteReplacement(", " + field + "}"));
  }
}

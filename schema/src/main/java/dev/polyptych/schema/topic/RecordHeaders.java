package dev.polyptych.schema.topic;

import dev.polyptych.schema.job.RecordVersion;
import java.util.Optional;
import java.util.function.Function;

/** Reads numbers from the headers of a record on a lane. */
public final class RecordHeaders {
  private static final int MOST_ATTEMPTS = 9;

  private RecordHeaders() {}

  /**
   * Which of its job's records it is.
   *
   * @param header the text of a header; empty if it is absent
   */
  public static RecordVersion version(Function<String, Optional<String>> header) {
    return new RecordVersion(
        number(header, Topics.HEADER_EDITION, 0, RecordVersion.MOST_EDITIONS),
        number(header, Topics.HEADER_ATTEMPT, 1, MOST_ATTEMPTS),
        number(header, Topics.HEADER_HOPS, 0, Topics.MAX_HOPS));
  }

  /** {@code least} where there is no valid number; a number above {@code most} counts as that. */
  public static int number(
      Function<String, Optional<String>> header, String name, int least, int most) {
    return header
        .apply(name)
        .filter(text -> text.matches("\\d{1,4}"))
        .map(text -> Math.clamp(Integer.parseInt(text), least, most))
        .orElse(least);
  }
}

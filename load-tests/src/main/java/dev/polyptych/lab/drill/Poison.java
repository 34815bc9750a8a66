package dev.polyptych.lab.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Values that are no jobs; what a lane holds is anybody's. */
final class Poison {
  /** Within what a broker takes in one record by default, 1 MiB. */
  private static final int HUGE_BYTES = 900_000;

  private static final String JOB =
      """
      {"v":%d,"id":"poison-%s","tenant":"default","request":\
      {"task":"%s","prompt":"%s","panels":["a","b"],"seed":1}}\
      """;

  private Poison() {}

  /** Garbage, nothing, a version to come, a task that nobody has, a job that is far too large. */
  static List<byte[]> values(String suffix) {
    return List.of(
        new byte[] {0, (byte) 0xff, (byte) 0xfe, '{', '"'},
        new byte[0],
        JOB.formatted(99, "version-" + suffix, "film-storyboard", "a fox").getBytes(UTF_8),
        JOB.formatted(1, "task-" + suffix, "no-such-task", "a fox").getBytes(UTF_8),
        JOB.formatted(1, "huge-" + suffix, "film-storyboard", "x".repeat(HUGE_BYTES))
            .getBytes(UTF_8));
  }
}

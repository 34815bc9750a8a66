package dev.polyptych.lab.bench.cluster;

import java.util.List;
import java.util.Locale;

/**
 * What a change of the fleet came to.
 *
 * @param workers after it
 * @param needed partitions that had to change hands for all to have as many
 * @param moved that did
 * @param ownerlessSeconds the longest time that a partition had nobody
 * @param longestWait seconds until its first step of the job that waited longest, of those that
 *     came while partitions changed hands
 */
record Rebalance(
    Change change,
    int workers,
    int needed,
    long moved,
    double ownerlessSeconds,
    double longestWait) {
  /** What happened. */
  enum Change {
    JOIN,
    LEAVE,
    KILL
  }

  static String table(List<Rebalance> rebalances) {
    StringBuilder table =
        new StringBuilder(
            """
            | change | workers then | to be moved | moved | without an owner s | longest wait s |
            | --- | --: | --: | --: | --: | --: |
            """);
    for (Rebalance one : rebalances) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %d | %d | %.1f | %.1f |%n",
              one.change.name().toLowerCase(Locale.ROOT),
              one.workers,
              one.needed,
              one.moved,
              one.ownerlessSeconds,
              one.longestWait));
    }
    return table.toString();
  }

  long beyondNeed() {
    return moved - needed;
  }
}

package dev.polyptych.store;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * The memory use of a Redis server.
 *
 * @param usedBytes what it has allocated
 * @param limitBytes what it may use; 0 for no limit
 * @param policy what it does at the limit, as {@code maxmemory-policy} names it; empty if it does
 *     not say
 */
public record StoreMemory(long usedBytes, long limitBytes, String policy) {
  private static final String REFUSES_WRITES = "noeviction";

  /** From the answer to {@code INFO memory}; a number that a service leaves out counts as 0. */
  static StoreMemory of(String info) {
    Map<String, String> fields =
        info.lines()
            .map(line -> line.split(":", 2))
            .filter(field -> field.length == 2)
            .collect(Collectors.toMap(field -> field[0], field -> field[1].strip()));
    return new StoreMemory(
        Long.parseLong(fields.getOrDefault("used_memory", "0")),
        Long.parseLong(fields.getOrDefault("maxmemory", "0")),
        fields.getOrDefault("maxmemory_policy", ""));
  }

  /** Whether it deletes keys at the limit, and so accepted jobs. */
  public boolean evicts() {
    return !policy.isEmpty() && !policy.equals(REFUSES_WRITES);
  }
}

package dev.polyptych.store;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * The memory use of a Redis server.
 *
 * @param usedBytes what it has allocated
 * @param limitBytes Redis refuses writes above it; 0 for no limit
 */
public record StoreMemory(long usedBytes, long limitBytes) {
  /** From the answer to {@code INFO memory}; a field that a service leaves out counts as 0. */
  static StoreMemory of(String info) {
    Map<String, String> fields =
        info.lines()
            .map(line -> line.split(":", 2))
            .filter(field -> field.length == 2)
            .collect(Collectors.toMap(field -> field[0], field -> field[1].strip()));
    return new StoreMemory(
        Long.parseLong(fields.getOrDefault("used_memory", "0")),
        Long.parseLong(fields.getOrDefault("maxmemory", "0")));
  }
}

package dev.polyptych.store.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.store.RedisConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.Response;

/**
 * The manifests in Redis: a hash (the object's key → its JSON), and an edition that changes with
 * each write. An edition is a counter and a random text, so none comes twice, even if Redis loses
 * writes. All methods throw {@link dev.polyptych.store.StoreUnavailableException} when Redis does
 * not answer.
 */
final class RegistryIndex {
  static final String MANIFESTS = "registry:manifests";
  static final String EDITION = "registry:edition";

  private static final String ANY = "*";
  private static final String NONE = "";
  private static final String SCRIPT = script();

  private final RedisConnection redis;

  RegistryIndex(RedisConnection redis) {
    this.redis = redis;
  }

  /**
   * All that the index holds.
   *
   * @param edition empty if there is no index
   */
  record Content(Optional<String> edition, Map<String, String> manifests) {}

  /** The present edition; empty if there is no index. */
  Optional<String> edition() {
    return redis.together(
        pipeline -> {
          Response<String> edition = pipeline.get(EDITION);
          return () -> Optional.ofNullable(edition.get());
        });
  }

  /** Edition and manifests that belong together. */
  Content read() {
    return redis.call(
        jedis -> {
          try (AbstractTransaction together = jedis.multi()) {
            Response<String> edition = together.get(EDITION);
            Response<Map<String, String>> manifests = together.hgetAll(MANIFESTS);
            together.exec();
            return new Content(Optional.ofNullable(edition.get()), manifests.get());
          }
        });
  }

  /**
   * Sets and deletes manifests of an index that is there.
   *
   * @return false if there is no index: it must be made anew
   */
  boolean write(Map<String, String> set, Set<String> deleted) {
    return run(ANY, 0, set, deleted);
  }

  /**
   * Sets and deletes manifests if nobody wrote since the expected edition.
   *
   * @param expected empty if there was no index
   * @param above the new edition counts higher than this one
   */
  boolean replace(
      Optional<String> expected, long above, Map<String, String> set, Set<String> deleted) {
    return run(expected.orElse(NONE), above, set, deleted);
  }

  private boolean run(String expected, long above, Map<String, String> set, Set<String> deleted) {
    List<String> arguments = new ArrayList<>();
    arguments.add(UUID.randomUUID().toString());
    arguments.add(expected);
    arguments.add(Long.toString(above));
    arguments.add(Integer.toString(deleted.size()));
    arguments.addAll(deleted);
    set.forEach(
        (key, json) -> {
          arguments.add(key);
          arguments.add(json);
        });
    Object done = redis.call(jedis -> jedis.eval(SCRIPT, List.of(MANIFESTS, EDITION), arguments));
    return Long.valueOf(1).equals(done);
  }

  /** How often the index was written when it had this edition; 0 for one of another form. */
  static long count(String edition) {
    String[] parts = edition.split("-", 2);
    return parts[0].matches("\\d{1,15}") ? Long.parseLong(parts[0]) : 0;
  }

  private static String script() {
    try (InputStream lua = RegistryIndex.class.getResourceAsStream("index.lua")) {
      return new String(lua.readAllBytes(), UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException("index.lua", broken);
    }
  }
}

package dev.polyptych.schema.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs scripts on one job: its hash and its event stream are the first two keys of each. */
final class JobScripts {
  private final RedisConnection redis;

  JobScripts(RedisConnection redis) {
    this.redis = redis;
  }

  Object run(Script script, String id, List<String> moreKeys, String... arguments) {
    return run(script, id, moreKeys, Arrays.stream(arguments).map(JobScripts::bytes).toList());
  }

  Object run(Script script, String id, List<String> moreKeys, List<byte[]> arguments) {
    JobKeys names = new JobKeys(id);
    List<byte[]> keys = new ArrayList<>(List.of(bytes(names.job()), bytes(names.events())));
    moreKeys.forEach(key -> keys.add(bytes(key)));
    List<byte[]> all = new ArrayList<>(List.of(bytes(id)));
    all.addAll(arguments);
    return redis.call(jedis -> script.run(jedis, keys, all));
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static String text(Object bytes) {
    return new String((byte[]) bytes, UTF_8);
  }
}

package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * Runs scripts on one job. The first two keys of each script are the job's hash and event stream.
 */
final class JobScripts {
  private final RedisConnection redis;

  JobScripts(RedisConnection redis) {
    this.redis = redis;
  }

  /** Shares a pipeline with other calls. For short arguments and answers. */
  Object run(Script script, String id, List<String> moreKeys, String... arguments) {
    return script.run(redis, keys(id, moreKeys), arguments(id, texts(arguments)));
  }

  /** Runs the script after some other commands. Fails if one of these commands fails. */
  Object runAfter(
      Function<AbstractPipeline, List<Response<?>>> first,
      Script script,
      String id,
      String... arguments) {
    List<byte[]> keys = keys(id, List.of());
    List<byte[]> all = arguments(id, texts(arguments));
    return script.loaded(
        redis,
        keys,
        () ->
            redis.together(
                pipeline -> {
                  List<Response<?>> before = first.apply(pipeline);
                  Response<Object> answer = script.add(pipeline, keys, all);
                  return () -> {
                    before.forEach(Response::get);
                    return answer.get();
                  };
                }));
  }

  /** Runs the script, then reads the job's hash; empty if there is none. */
  Map<String, String> runAndRead(Script script, String id, String... arguments) {
    List<byte[]> keys = keys(id, List.of());
    List<byte[]> all = arguments(id, texts(arguments));
    return script.loaded(
        redis,
        keys,
        () ->
            redis.together(
                pipeline -> {
                  Response<Object> answer = script.add(pipeline, keys, all);
                  Response<Map<String, String>> hash = pipeline.hgetAll(new JobKeys(id).job());
                  return () -> {
                    answer.get();
                    return hash.get();
                  };
                }));
  }

  /** Uses its own connection, so that large arguments or answers do not delay other calls. */
  Object runAlone(Script script, String id, List<String> moreKeys, List<byte[]> arguments) {
    return script.runAlone(redis, keys(id, moreKeys), arguments(id, arguments));
  }

  private static List<byte[]> keys(String id, List<String> more) {
    JobKeys names = new JobKeys(id);
    List<byte[]> keys = new ArrayList<>(List.of(bytes(names.job()), bytes(names.events())));
    more.forEach(key -> keys.add(bytes(key)));
    return keys;
  }

  private static List<byte[]> arguments(String id, List<byte[]> more) {
    List<byte[]> all = new ArrayList<>(List.of(bytes(id)));
    all.addAll(more);
    return all;
  }

  private static List<byte[]> texts(String... texts) {
    return Arrays.stream(texts).map(JobScripts::bytes).toList();
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static String text(Object bytes) {
    return new String((byte[]) bytes, UTF_8);
  }
}

package dev.polyptych.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * A Lua script, with the common prelude prepended. Calls send only its digest. If Redis does not
 * know the digest, the script is loaded first.
 */
final class Script {
  private final byte[] source;
  private final byte[] digest;

  private Script(byte[] source) {
    this.source = source;
    this.digest = sha1(source);
  }

  /** Loads {@code <name>.lua} from the package of this class. */
  static Script load(String name) {
    return new Script((text("prelude") + text(name)).getBytes(StandardCharsets.UTF_8));
  }

  /** Shares a pipeline with other calls. For short arguments and answers. */
  Object run(RedisConnection redis, List<byte[]> keys, List<byte[]> arguments) {
    return loaded(redis, keys, () -> redis.together(pipeline -> add(pipeline, keys, arguments)));
  }

  /** Uses its own connection, so that large arguments or answers do not delay other calls. */
  Object runAlone(RedisConnection redis, List<byte[]> keys, List<byte[]> arguments) {
    return loaded(redis, keys, () -> redis.call(jedis -> jedis.evalsha(digest, keys, arguments)));
  }

  /** Adds the script to a pipeline. Run the pipeline through {@link #loaded}. */
  Response<Object> add(AbstractPipeline pipeline, List<byte[]> keys, List<byte[]> arguments) {
    return pipeline.evalsha(digest, keys, arguments);
  }

  /**
   * Makes a call that runs this script. If Redis lacks the script, loads it and repeats the call.
   */
  <T> T loaded(RedisConnection redis, List<byte[]> keys, Supplier<T> call) {
    try {
      return call.get();
    } catch (StoreUnavailableException refused) {
      if (!(refused.getCause() instanceof JedisNoScriptException)) {
        throw refused;
      }
      redis.call(jedis -> jedis.scriptLoad(source, keys.getFirst()));
      return call.get();
    }
  }

  private static String text(String name) {
    try (InputStream lua = Script.class.getResourceAsStream(name + ".lua")) {
      return new String(lua.readAllBytes(), StandardCharsets.UTF_8) + "\n";
    } catch (IOException broken) {
      throw new UncheckedIOException("script " + name, broken);
    }
  }

  /** Redis names scripts by the SHA-1 of their text, in hexadecimal. */
  private static byte[] sha1(byte[] source) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(source);
      return HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-1", impossible);
    }
  }
}

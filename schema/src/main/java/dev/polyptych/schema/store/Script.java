package dev.polyptych.schema.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * A Lua script of ours with the common prelude in front; sent by digest, whole when Redis lacks it.
 */
final class Script {
  private final byte[] source;
  private final byte[] digest;

  private Script(byte[] source) {
    this.source = source;
    this.digest = sha1(source);
  }

  /** Loads {@code <name>.lua} from beside this class. */
  static Script load(String name) {
    return new Script((text("prelude") + text(name)).getBytes(StandardCharsets.UTF_8));
  }

  Object run(UnifiedJedis jedis, List<byte[]> keys, List<byte[]> arguments) {
    try {
      return jedis.evalsha(digest, keys, arguments);
    } catch (JedisNoScriptException firstTime) {
      return jedis.eval(source, keys, arguments);
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

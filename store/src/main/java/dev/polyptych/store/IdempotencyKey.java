package dev.polyptych.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A caller's name for one request.
 *
 * @param key as the caller wrote it
 * @param digest of the request's body; the same key with another digest is another request
 */
public record IdempotencyKey(String tenant, String key, String digest) {
  /** The key of a request with this body. */
  public static IdempotencyKey of(String tenant, String key, byte[] body) {
    return new IdempotencyKey(tenant, key, digest(body));
  }

  /** SHA-256 in hexadecimal. */
  public static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  /** The key in Redis. It is in another slot than the keys of its job. */
  String name() {
    return "idempotency:" + tenant + ":" + key;
  }
}

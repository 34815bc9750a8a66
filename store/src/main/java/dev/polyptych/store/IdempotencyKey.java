package dev.polyptych.store;

/**
 * A caller's name for one request.
 *
 * @param key as the caller wrote it
 * @param digest of the request's body; another one under the same key is another request
 */
public record IdempotencyKey(String tenant, String key, String digest) {
  /** The key in Redis; of another slot than its job's keys. */
  String name() {
    return "idempotency:" + tenant + ":" + key;
  }
}

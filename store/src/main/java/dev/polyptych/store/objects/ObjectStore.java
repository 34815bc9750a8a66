package dev.polyptych.store.objects;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Bytes by key. A key is made of letters, digits and {@code . _ = -} in parts between slashes. An
 * object is there as a whole or not at all. Safe for any number of threads.
 *
 * <p>Every method throws {@link ObjectsUnavailableException} when the store does not answer or
 * refuses, and {@link IllegalArgumentException} for a key that is none.
 */
public interface ObjectStore extends AutoCloseable {
  /** Stores an object, in place of an earlier one of this key. Durable when it returns. */
  void put(String key, ObjectContent content);

  /** As {@link #put}, unless an object has this key. Then it changes nothing and returns false. */
  boolean create(String key, ObjectContent content);

  /** Opens an object; empty if there is none. The caller closes it. */
  Optional<StoredObject> get(String key);

  /** The length of an object in bytes; empty if there is none. */
  OptionalLong size(String key);

  /** Deletes an object, if there is one. */
  void delete(String key);

  /** Gives all objects whose key begins with a prefix, in any order. */
  void list(String prefix, Consumer<Entry> entries);

  /**
   * A link that anybody may read the object with. Empty if this store has no links. The object need
   * not exist.
   */
  Optional<URI> link(String key, Duration valid);

  /** The store's address without credentials, for messages. */
  String where();

  @Override
  void close();

  /**
   * An object in a listing.
   *
   * @param size in bytes
   * @param modified when it was stored
   */
  record Entry(String key, long size, Instant modified) {}
}

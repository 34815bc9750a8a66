package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.store.objects.FileObjects;
import dev.polyptych.store.objects.ObjectContent;
import dev.polyptych.store.objects.ObjectStore;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import dev.polyptych.store.objects.S3Objects;
import dev.polyptych.store.objects.StoredObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.params.SetParams;

/**
 * The object store of a cluster. It holds an object {@code store-id}, and Redis holds the same id.
 * Before its first use, a process compares them: one with another bucket, or with a folder that the
 * others do not share, would store images where nobody finds them.
 */
public final class SharedObjects implements ObjectStore {
  static final String ID_OBJECT = "store-id";
  static final String ID_KEY = "objects:store-id";

  private static final Logger LOG = LoggerFactory.getLogger(SharedObjects.class);
  private static final int LONGEST_ID = 64;

  private final ObjectStore objects;
  private final RedisConnection redis;
  private volatile boolean compared;

  SharedObjects(ObjectStore objects, RedisConnection redis) {
    this.objects = objects;
    this.redis = redis;
  }

  /**
   * Opens the store and compares its id. Where store or Redis does not answer, the first use
   * compares it.
   *
   * @throws IllegalStateException when it is not the cluster's store, or a folder can't be written;
   *     with the remedy
   */
  public static SharedObjects open(ObjectSettings settings, RedisConnection redis) {
    URI location = settings.location();
    ObjectStore objects =
        settings.folder()
            ? FileObjects.open(Path.of(location.getPath()))
            : S3Objects.open(location, settings.endpoint());
    SharedObjects shared = new SharedObjects(objects, redis);
    try {
      shared.compare().ifPresent(SharedObjects::refuse);
      return shared;
    } catch (ObjectsUnavailableException | StoreUnavailableException away) {
      LOG.warn("the object store's id is compared later: {}", away.getMessage());
      return shared;
    } catch (IllegalStateException other) {
      objects.close();
      throw other;
    }
  }

  private static void refuse(String problem) {
    throw new IllegalStateException(problem);
  }

  /** The problem; empty if this is the cluster's store. */
  private Optional<String> compare() {
    // Redis first: a store without an id is new only if Redis knows of none.
    Optional<String> known = Optional.ofNullable(redis.call(jedis -> jedis.get(ID_KEY)));
    Optional<String> own = id();
    if (own.isEmpty() && known.isEmpty()) {
      byte[] fresh = UUID.randomUUID().toString().getBytes(UTF_8);
      objects.create(ID_OBJECT, ObjectContent.of(fresh, "text/plain"));
      own = id();
    }
    if (known.isEmpty() && own.isPresent()) {
      String mine = own.get();
      redis.call(jedis -> jedis.set(ID_KEY, mine, SetParams.setParams().nx()));
      known = Optional.ofNullable(redis.call(jedis -> jedis.get(ID_KEY)));
    }
    if (own.equals(known)) {
      compared = true;
      return Optional.empty();
    }
    return Optional.of(problem(own, known));
  }

  private String problem(Optional<String> own, Optional<String> known) {
    return "objects: %s is not the store of this cluster: its store-id is %s, but Redis at %s holds %s. "
            .formatted(objects.where(), own.orElse("missing"), redis.where(), known.orElse("none"))
        + "Set objects to the same bucket and prefix for all processes; a file: folder must be one"
        + " that all of them share. If the objects were moved on purpose, copy store-id with them;"
        + " if they are lost, delete the Redis key "
        + ID_KEY;
  }

  private Optional<String> id() {
    return objects
        .get(ID_OBJECT)
        .map(
            object -> {
              try (object) {
                return new String(object.bytes().readNBytes(LONGEST_ID), UTF_8).strip();
              } catch (IOException broken) {
                throw new ObjectsUnavailableException(
                    objects.where() + " broke off: " + broken.getMessage(), broken);
              }
            });
  }

  /** Whether the store answers now, and is the cluster's. */
  public boolean answers() {
    try {
      return size(ID_OBJECT).isPresent();
    } catch (ObjectsUnavailableException away) {
      LOG.debug("the object store does not answer: {}", away.getMessage());
      return false;
    }
  }

  private ObjectStore checked() {
    if (!compared) {
      try {
        compare()
            .ifPresent(
                problem -> {
                  throw new ObjectsUnavailableException(problem, null);
                });
      } catch (StoreUnavailableException away) {
        throw new ObjectsUnavailableException(
            "the object store's id can't be compared: " + away.getMessage(), away);
      }
    }
    return objects;
  }

  @Override
  public void put(String key, ObjectContent content) {
    checked().put(key, content);
  }

  @Override
  public boolean create(String key, ObjectContent content) {
    return checked().create(key, content);
  }

  @Override
  public Optional<StoredObject> get(String key) {
    return checked().get(key);
  }

  @Override
  public OptionalLong size(String key) {
    return checked().size(key);
  }

  @Override
  public void delete(String key) {
    checked().delete(key);
  }

  @Override
  public void list(String prefix, Consumer<Entry> entries) {
    checked().list(prefix, entries);
  }

  @Override
  public Optional<URI> link(String key, Duration valid) {
    return checked().link(key, valid);
  }

  @Override
  public String where() {
    return objects.where();
  }

  @Override
  public void close() {
    objects.close();
  }
}

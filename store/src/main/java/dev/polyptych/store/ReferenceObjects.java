package dev.polyptych.store;

import dev.polyptych.store.objects.ObjectContent;
import dev.polyptych.store.objects.ObjectStore;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import dev.polyptych.store.objects.StoredObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import redis.clients.jedis.params.SetParams;

/**
 * Uploaded pictures in the object store. Redis holds the key of each object for as long as the
 * picture is kept. Each upload has a key of its own, so the end of an earlier object deletes
 * nothing that was uploaded since.
 *
 * <p>Every method throws {@link StoreUnavailableException} when Redis does not answer.
 */
final class ReferenceObjects {
  /**
   * How much longer an object is kept than its key in Redis. So no object is deleted while a job
   * renews or reads it, nor where the clocks of two dispatchers differ.
   */
  private static final Duration LONGER = Duration.ofMinutes(10);

  private final RedisConnection redis;
  private final Duration timeToLive;
  private final Optional<ObjectStore> objects;
  private final Clock clock;

  /** Where a picture lies. Redis holds its text. */
  private record Place(long size, String key) {
    static Place of(String text) {
      int space = text.indexOf(' ');
      return new Place(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
    }

    String text() {
      return size + " " + key;
    }
  }

  /**
   * @param objects empty where this process has none; then it renews, but neither stores nor reads
   */
  ReferenceObjects(
      RedisConnection redis, Duration timeToLive, Optional<ObjectStore> objects, Clock clock) {
    this.redis = redis;
    this.timeToLive = timeToLive;
    this.objects = objects;
    this.clock = clock;
  }

  /**
   * Stores a picture, or renews it if it is there.
   *
   * @throws ObjectsUnavailableException when the object store does not answer
   */
  void put(String tenant, String digest, byte[] picture) {
    if (renew(tenant, digest).isPresent()
        && place(tenant, digest).filter(it -> store().size(it.key()).isPresent()).isPresent()) {
      return;
    }
    String key = "references/%s/%s/%s".formatted(tenant, digest, UUID.randomUUID());
    keep(key);
    store().put(key, ObjectContent.of(picture, "application/octet-stream"));
    String text = new Place(picture.length, key).text();
    SetParams expiring = SetParams.setParams().ex(timeToLive.toSeconds());
    redis.call(jedis -> jedis.set(redisKey(tenant, digest), text, expiring));
  }

  /** The size of the picture if it is kept here. Then its time to live restarts. */
  OptionalLong renew(String tenant, String digest) {
    Optional<Place> place = place(tenant, digest);
    if (place.isEmpty()) {
      return OptionalLong.empty();
    }
    // The object first: it must not go before its key in Redis.
    keep(place.get().key());
    boolean kept =
        redis.call(jedis -> jedis.expire(redisKey(tenant, digest), timeToLive.toSeconds())) == 1;
    return kept ? OptionalLong.of(place.get().size()) : OptionalLong.empty();
  }

  /**
   * The uploaded bytes; empty if the picture has expired, or was deleted.
   *
   * @throws ObjectsUnavailableException when the object store does not answer
   * @throws IllegalStateException when this process has no object store, with the remedy
   */
  Optional<byte[]> find(String tenant, String digest) {
    return place(tenant, digest)
        .flatMap(place -> store().get(place.key()).map(object -> bytes(object, place)));
  }

  private byte[] bytes(StoredObject object, Place place) {
    try (object) {
      byte[] bytes = object.bytes().readAllBytes();
      if (bytes.length == place.size()) {
        return bytes;
      }
      throw new IOException("%d of %d bytes".formatted(bytes.length, place.size()));
    } catch (IOException broken) {
      throw new ObjectsUnavailableException(
          "%s broke off at %s: %s".formatted(store().where(), place.key(), broken.getMessage()),
          broken);
    }
  }

  private Optional<Place> place(String tenant, String digest) {
    return Optional.ofNullable(redis.call(jedis -> jedis.get(redisKey(tenant, digest))))
        .map(Place::of);
  }

  private void keep(String key) {
    ExpiringObjects.keep(redis, key, clock.instant().plus(timeToLive).plus(LONGER));
  }

  private ObjectStore store() {
    return objects.orElseThrow(
        () ->
            new IllegalStateException(
                "references lie in an object store; name it in this process's setting objects"));
  }

  private static String redisKey(String tenant, String digest) {
    return "reference:" + tenant + ":" + digest + ":object";
  }
}

package dev.polyptych.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.store.objects.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.UnifiedJedis;

/** What becomes of references with every object store. */
abstract class ReferencesContract {
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
  private static final Duration KEPT = Retention.DEFAULT.results();
  private static final byte[] PICTURE = new byte[100_000];

  @TempDir private Path folder;
  private RedisServer server;
  private RedisConnection redis;
  private ObjectStore objects;
  private ReferenceStore references;
  private ExpiringObjects expiring;

  abstract ObjectStore open(Path folder);

  @BeforeEach
  void start() {
    server = RedisServer.start();
    redis = RedisConnection.open(server.uri());
    objects = open(folder.resolve("objects"));
    references = at(NOW);
    expiring = new ExpiringObjects(objects, redis);
  }

  @AfterEach
  void stop() {
    objects.close();
    redis.close();
    server.close();
  }

  @Test
  void aPictureLiesInTheObjectStoreAndRedisHoldsItsKeyForAsLongAsItIsKept() {
    // When
    String key = kept("studio", PICTURE);
    // Then
    List<ObjectStore.Entry> stored = stored();
    assertEquals(1, stored.size());
    assertTrue(
        stored.getFirst().key().startsWith("references/studio/" + key + "/"), stored::toString);
    assertEquals(PICTURE.length, stored.getFirst().size());
    assertArrayEquals(PICTURE, references.find("studio", key).orElseThrow());
    assertEquals(
        PICTURE.length + " " + stored.getFirst().key(), redis.call(it -> it.get(place(key))));
    assertKeptFromNow(place(key));
    boolean inRedis = redis.call(it -> it.exists("reference:studio:" + key));
    assertFalse(inRedis);
  }

  @Test
  void aPictureIsStoredOnceForATenantAndNoOtherTenantFindsIt() {
    // Given
    String key = kept("studio", PICTURE);
    // When
    kept("studio", PICTURE);
    // Then
    assertEquals(1, stored().size());
    assertEquals(Optional.empty(), references.find("other", key));
    assertFalse(references.renew("other", key));
  }

  @Test
  void aPictureGoesWhenItsTimeIsOver() {
    // Given
    kept("studio", PICTURE);
    // When
    assertEquals(0, expiring.deleteDue(NOW.plus(KEPT), 100));
    int deleted = expiring.deleteDue(NOW.plus(KEPT).plus(Duration.ofMinutes(10)), 100);
    // Then
    assertEquals(1, deleted);
    assertEquals(List.of(), stored());
    assertEquals(0, expiring.deleteDue(NOW.plus(KEPT).plus(KEPT), 100));
  }

  @Test
  void aJobThatUsesAPictureRenewsIt() {
    // Given
    String key = kept("studio", PICTURE);
    redis.call(it -> it.expire(place(key), 60));
    // When
    assertTrue(at(NOW.plus(KEPT)).renew("studio", key));
    // Then
    assertKeptFromNow(place(key));
    assertEquals(0, expiring.deleteDue(NOW.plus(KEPT).plus(KEPT), 100));
    assertArrayEquals(PICTURE, references.find("studio", key).orElseThrow());
  }

  @Test
  void aPictureThatExpiredIsNeitherFoundNorRenewedAndMayBeUploadedAgain() {
    // Given
    String key = kept("studio", PICTURE);
    redis.call(it -> it.del(place(key)));
    // When
    boolean renewed = references.renew("studio", key);
    Optional<byte[]> found = references.find("studio", key);
    Instant later = NOW.plus(KEPT).plus(Duration.ofMinutes(1));
    at(later).put("studio", PICTURE, OptionalLong.empty());
    // Then
    assertFalse(renewed);
    assertEquals(Optional.empty(), found);
    assertEquals(1, expiring.deleteDue(later.plus(Duration.ofMinutes(9)), 100));
    assertArrayEquals(PICTURE, references.find("studio", key).orElseThrow());
  }

  @Test
  void aPictureWhoseObjectIsGoneIsExpiredUntilItIsUploadedAgain() {
    // Given
    String key = kept("studio", PICTURE);
    objects.delete(stored().getFirst().key());
    // When
    Optional<byte[]> gone = references.find("studio", key);
    kept("studio", PICTURE);
    // Then
    assertEquals(Optional.empty(), gone);
    assertArrayEquals(PICTURE, references.find("studio", key).orElseThrow());
  }

  @Test
  void aPictureThatTheVersionBeforePutIntoRedisIsFoundAndRenewed() {
    // Given
    ReferenceStore before = new ReferenceStore(redis, Retention.DEFAULT);
    Shelving shelving = before.put("studio", PICTURE, OptionalLong.empty());
    String key = ((Shelving.Kept) shelving).key();
    redis.call(it -> it.expire("reference:studio:" + key, 60));
    // When
    assertTrue(references.renew("studio", key));
    // Then
    assertKeptFromNow("reference:studio:" + key);
    assertArrayEquals(PICTURE, references.find("studio", key).orElseThrow());
    assertEquals(List.of(), stored());
  }

  @Test
  void aProcessWithoutTheObjectStoreRenewsAPictureAndSaysWhyItCantReadIt() {
    // Given
    String key = kept("studio", PICTURE);
    ReferenceStore without = new ReferenceStore(redis, Retention.DEFAULT);
    // When
    assertTrue(without.renew("studio", key));
    var refused = assertThrows(IllegalStateException.class, () -> without.find("studio", key));
    // Then
    assertTrue(refused.getMessage().contains("setting objects"), refused::getMessage);
  }

  @Test
  void theBytesOfATenantCountWhereverThePicturesLie() {
    // Given
    kept("studio", PICTURE);
    // When
    Shelving more = references.put("studio", new byte[50_001], OptionalLong.of(150_000));
    Shelving again = references.put("studio", PICTURE, OptionalLong.of(150_000));
    // Then
    assertInstanceOf(Shelving.Full.class, more);
    assertInstanceOf(Shelving.Kept.class, again);
    assertEquals(1, stored().size());
  }

  @Test
  void redisDoesNotGrowWithThePictures() {
    // Given
    kept("studio", new byte[1]);
    long before = memory();
    // When
    for (int i = 2; i < 22; i++) {
      kept("studio", new byte[i * 100_000]);
    }
    // Then
    assertEquals(21, stored().size());
    assertTrue(memory() - before < 100_000, () -> before + " became " + memory());
  }

  private void assertKeptFromNow(String name) {
    long seconds = redis.call(it -> it.ttl(name));
    assertTrue(seconds > KEPT.toSeconds() - 30 && seconds <= KEPT.toSeconds(), seconds + " s");
  }

  private ReferenceStore at(Instant now) {
    return new ReferenceStore(
        redis, Retention.DEFAULT, Optional.of(objects), true, Clock.fixed(now, ZoneOffset.UTC));
  }

  private String kept(String tenant, byte[] picture) {
    return ((Shelving.Kept) references.put(tenant, picture, OptionalLong.empty())).key();
  }

  private List<ObjectStore.Entry> stored() {
    List<ObjectStore.Entry> stored = new ArrayList<>();
    objects.list("references/", stored::add);
    return stored;
  }

  private static String place(String key) {
    return "reference:studio:" + key + ":object";
  }

  private long memory() {
    return redis
        .call(UnifiedJedis::info)
        .lines()
        .filter(line -> line.startsWith("used_memory_dataset:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
        .findFirst()
        .orElseThrow();
  }
}

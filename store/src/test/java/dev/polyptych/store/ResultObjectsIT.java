package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.store.objects.FileObjects;
import dev.polyptych.store.objects.StoredObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultObjectsIT {
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
  private static final Duration KEPT = Duration.ofHours(24);

  @TempDir private Path folder;
  private RedisConnection redis;
  private FileObjects objects;
  private ResultObjects results;
  private ExpiringObjects expiring;
  private final String job = "j-" + UUID.randomUUID();

  @BeforeEach
  void connect() {
    redis = RedisConnection.open(Backends.redisUri());
    objects = FileObjects.open(folder);
    results = new ResultObjects(objects, redis, KEPT);
    expiring = new ExpiringObjects(objects, redis);
  }

  @AfterEach
  void disconnect() {
    expiring.deleteDue(NOW.plus(KEPT).plus(KEPT), 1_000);
    redis.close();
  }

  @Test
  void aLocationIsReadFromItsText() throws Exception {
    // Given
    ResultLocation location = put(1, "sheet");
    // When
    ResultLocation read = ResultLocation.of(location.text());
    // Then
    assertEquals(location, read);
    assertEquals(3, results.count(read));
    assertEquals("sheet", text(read, 0));
    assertEquals("two", text(read, 2));
    assertEquals(
        "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3", read.digest(2));
  }

  @Test
  void anAttemptThatLostTheJobOverwritesNothing() throws Exception {
    // Given
    ResultLocation winner = put(2, "winner");
    // When
    put(1, "zombie");
    // Then
    assertEquals("winner", text(winner, 0));
  }

  @Test
  void imagesOfAllAttemptsGoWhenTheirTimeIsOver() throws Exception {
    // Given
    ResultLocation lost = put(1, "zombie");
    ResultLocation won =
        results.put("default", job, 2, ImageFormat.PNG, set("w"), NOW.plusSeconds(9));
    // When
    assertEquals(0, expiring.deleteDue(NOW.plus(KEPT).minusSeconds(1), 100));
    int deleted = expiring.deleteDue(NOW.plus(KEPT).plusSeconds(1), 100);
    // Then
    assertEquals(1, deleted);
    assertEquals(0, results.count(lost));
    assertEquals(3, results.count(won));
    assertEquals(Optional.empty(), results.open(lost, 0, ImageFormat.PNG));
  }

  @Test
  void anAuditCountsWhatTheObjectStoreHolds() throws Exception {
    // Given
    ResultLocation location = put(1, "sheet");
    redis.call(
        jedis ->
            jedis.hset(
                new JobKeys(job).job(),
                Map.of(
                    "state", "done", "attempt", "1", "panels", "2", "results", location.text())));
    StoredJobs audited = new StoredJobs(redis, Optional.of(results));
    // When, Then
    assertEquals(3, audited.job(job).images());
    objects.delete(location.prefix() + "panel-2.png");
    assertEquals(2, audited.job(job).images());
    assertEquals(List.of(), audited.job(job).ends());
    StoredJobs blind = new StoredJobs(redis, Optional.empty());
    var refused = assertThrows(IllegalStateException.class, () -> blind.job(job));
    assertTrue(refused.getMessage().contains("--set objects="), refused::getMessage);
  }

  private ResultLocation put(int attempt, String sheet) {
    return results.put("default", job, attempt, ImageFormat.PNG, set(sheet), NOW);
  }

  private static RenderedSet set(String sheet) {
    return new RenderedSet(
        sheet.getBytes(UTF_8), List.of("one".getBytes(UTF_8), "two".getBytes(UTF_8)));
  }

  private String text(ResultLocation location, int image) throws IOException {
    try (StoredObject object = results.open(location, image, ImageFormat.PNG).orElseThrow()) {
      return new String(object.bytes().readAllBytes(), UTF_8);
    }
  }
}

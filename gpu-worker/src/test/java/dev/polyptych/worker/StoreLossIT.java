package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.engine.Eventually;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.RenderJob;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreLossIT {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWorkerThatAloneLosesRedisGivesItsPartitionsBackAndJoinsAgain(boolean silent)
      throws Exception {
    try (Relay relay = Relay.to(Backends.redisUri());
        Bench bench = Bench.shared()) {
      // Given two workers, of which one reaches Redis through a relay
      String redis = RedisServer.address(relay.port()).toString();
      Worker cut =
          bench.startWith("w1", PaintingEngine.eager(), "redis", redis, "storeLossSeconds", "2");
      Worker sound = bench.start("w2", PaintingEngine.eager());
      int half = Bench.PARTITIONS / 2;
      Eventually.until("half each", () -> cut.partitions().size() == half);
      // When
      relay.stop(silent);
      // Then
      Eventually.until("its partitions go", () -> sound.partitions().size() == Bench.PARTITIONS);
      assertEquals(503, Bench.health(cut, "/health/ready"));
      assertEquals(200, Bench.health(cut, "/health/live"));
      List<RenderJob> jobs = new ArrayList<>();
      for (int partition = 0; partition < Bench.PARTITIONS; partition++) {
        var request = Bench.request("couple-profile", partition, 1, Optional.empty());
        jobs.add(bench.submitTo(partition, request, Map.of()));
      }
      for (RenderJob job : jobs) {
        bench.awaitState(job.id(), JobState.DONE);
      }
      relay.goOn();
      Eventually.until("it joins again", () -> cut.partitions().size() == half);
      Eventually.until("ready", () -> Bench.health(cut, "/health/ready") == 200);
      assertFalse(cut.ended().isDone());
    }
  }

  @Test
  void aShortPauseOfRedisMovesNoPartition() throws Exception {
    try (Relay relay = Relay.to(Backends.redisUri());
        Bench bench = Bench.shared()) {
      // Given
      URI redis = RedisServer.address(relay.port());
      Worker worker = bench.startWith("w1", PaintingEngine.eager(), "redis", redis.toString());
      // When
      relay.stop(false);
      RenderJob job = bench.submit("couple-profile", 1, 1);
      relay.goOn();
      // Then
      bench.awaitState(job.id(), JobState.DONE);
      assertEquals(Bench.PARTITIONS, worker.partitions().size());
    }
  }
}

package dev.polyptych.worker.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polyptych.embedded.Backends;
import dev.polyptych.engine.Eventually;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.Claim;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.worker.Deliveries;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ProgressReportIT {
  @Test
  void aCancelDuringTheFirstStepIsKnownBeforeThatStepEnds() throws Exception {
    try (RedisConnection redis = RedisConnection.open(Backends.redisUri())) {
      // Given an attempt that has reported the beginning of its first step
      JobStore store = new JobStore(redis, Retention.DEFAULT);
      String id = "long-" + UUID.randomUUID();
      RenderJob job = Deliveries.of(id, "couple-profile", 0, Instant.now()).job();
      store.accept(NewJob.of(job, "tester"));
      Claim.Granted claim =
          assertInstanceOf(Claim.Granted.class, store.claim(id, Claimant.of("w1")));
      var attempt = new ProgressReport.Attempt(id, claim.attempt(), 4, Duration.ofSeconds(5));
      try (ProgressReport progress = ProgressReport.start(store, attempt, Clock.systemUTC())) {
        progress.completed(0);
        // When
        store.cancel(id, "tester");
        // Then
        Eventually.until("it is known", () -> progress.lost().isPresent());
        assertEquals(new RenderOutcome.Cancelled(), progress.lost().orElseThrow());
      }
    }
  }
}

package dev.polyptych.worker.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.policy.schedule.Workload;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.worker.Deliveries;
import dev.polyptych.worker.adapter.Fetchers;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.LocalQueue;
import dev.polyptych.worker.intake.OffsetLedger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RenderStateTest {
  private static final Instant NOW = Instant.ofEpochSecond(1000);

  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private final LocalQueue queue = new LocalQueue(new OffsetLedger(), clock);
  private final Workload workload = new Workload();
  private final RenderState state =
      new RenderState(workload, new AdapterFaults(List.of(), Fetchers.none(), clock), queue, clock);

  @Test
  void theLoadCountsTheRunningJobTheWaitingOnesAndTheirSwaps() {
    // Given
    Delivery delivery = Deliveries.of("waits", "couple-profile", 1, NOW);
    RenderJob running = Deliveries.of("runs", "couple-profile", 0, NOW).job();
    workload.stepped(running.tokens(), 1);
    workload.swapped(Tier.HOST, 2.5);
    queue.add(delivery);
    // When
    state.running(running, () -> 3);
    // Then
    assertEquals(Optional.of("runs"), state.job());
    assertEquals(1, state.load().runningSeconds(), 1e-9);
    assertEquals(4 + 2.5, state.load().waitingSeconds(), 1e-9);
    assertEquals(Optional.of(NOW), state.load().beatAt());
  }

  @Test
  void withoutJobsThereIsNoLoad() {
    assertEquals(0, state.load().outstandingSeconds());
    assertEquals(Optional.empty(), state.job());

    state.running(Deliveries.of("runs", "couple-profile", 0, NOW).job(), () -> 0);
    state.idle();

    assertEquals(Optional.empty(), state.job());
  }
}

package dev.polyptych.worker.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.fleet.WorkerLoad;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetViewTest {
  private static final Instant NOW = Instant.ofEpochSecond(1000);
  private static final WorkerLoad OWN = new WorkerLoad(0, 0, 0, 3, 4, List.of());

  private final FleetView view = new FleetView("me");

  @Test
  void theOwnLoadIsThatOfNowAndOthersAreSeenByTheirHeartbeats() {
    Fleet fleet = view.fleet(List.of(beat("me", 99), beat("other", 5)), OWN, NOW);

    assertEquals(7, load(fleet, "me"));
    assertEquals(5, load(fleet, "other"));
    assertEquals(4, fleet.partitions());
  }

  @Test
  void whatWasGivenCountsUntilAHeartbeatCanTellOfIt() {
    // Given
    view.fleet(List.of(beat("other", 5)), OWN, NOW);
    view.gave("other", 2, NOW);
    // When
    Fleet same = view.fleet(List.of(beat("other", 5)), OWN, NOW.plusSeconds(9));
    Fleet early = view.fleet(List.of(beat("other", 6)), OWN, NOW.plusMillis(500));
    Fleet later = view.fleet(List.of(beat("other", 7)), OWN, NOW.plusSeconds(3));
    // Then
    assertEquals(7, load(same, "other"));
    assertEquals(8, load(early, "other"));
    assertEquals(7, load(later, "other"));
  }

  @Test
  void nothingIsKeptOfWhoIsGone() {
    view.fleet(List.of(beat("other", 5)), OWN, NOW);
    view.gave("other", 2, NOW);
    view.fleet(List.of(), OWN, NOW);

    assertEquals(5, load(view.fleet(List.of(beat("other", 5)), OWN, NOW), "other"));
  }

  private static double load(Fleet fleet, String worker) {
    return fleet.workers().stream()
        .filter(seen -> seen.id().equals(worker))
        .findFirst()
        .orElseThrow()
        .outstandingSeconds();
  }

  private static WorkerHeartbeat beat(String id, double waitingSeconds) {
    return new WorkerHeartbeat(
        WorkerHeartbeat.VERSION,
        id,
        "tiny",
        "cpu",
        "float32",
        Optional.empty(),
        0,
        Optional.empty(),
        0,
        0,
        List.of(id.equals("me") ? 0 : 3),
        Instant.EPOCH,
        new WorkerLoad(0, 0, 0, 0, waitingSeconds, List.of()),
        Abilities.Report.NONE,
        Optional.of(List.of()),
        List.of());
  }
}

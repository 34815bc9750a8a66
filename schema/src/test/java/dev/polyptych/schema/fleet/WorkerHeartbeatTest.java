package dev.polyptych.schema.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.polyptych.schema.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkerHeartbeatTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void aHeartbeatComesBackAsItWasAndTellsTheNearestPlaceOfEachAdapter() throws Exception {
    // Given
    AdapterTiers tiers =
        new AdapterTiers(
            List.of("m"), List.of("m", "w", "d"), List.of("d", "h"), List.of("h", "f"));
    WorkerHeartbeat sent =
        heartbeat(
            new WorkerLoad(
                1e-5,
                0.5,
                2,
                3,
                4,
                List.of("d", "h", "m", "w"),
                tiers,
                new SwapCosts(0.001, 0.25, 1.5, 0),
                Optional.of(AT)));
    // When
    WorkerHeartbeat read = Json.mapper().readValue(Json.bytes(sent), WorkerHeartbeat.class);
    // Then
    assertEquals(sent, read);
    Residency residency = read.residency();
    List<String> adapters = List.of("w", "m", "d", "h", "f", "unknown");
    assertEquals(
        List.of(Tier.WARM, Tier.WARM, Tier.DEVICE, Tier.HOST, Tier.DISK, Tier.ABSENT),
        adapters.stream().map(residency::of).toList());
    assertEquals(1.5, read.load().swapSeconds().from(Tier.ABSENT));
    assertEquals(List.of("f"), read.fetching());
    assertFalse(new String(Json.bytes(sent.before()), UTF_8).contains("fetching"));
  }

  @Test
  void aHeartbeatOfAnOlderWorkerIsReadWithWhatItHolds() throws JsonProcessingException {
    // Given
    String json =
        """
        {"v": 1, "id": "w", "model": "tiny", "device": "cpu", "computeType": "float32",
         "adapter": "w", "streak": 1, "stepSeconds": 0.25, "waiting": 0, "partitions": [0],
         "startedAt": "2026-01-01T00:00:00Z",
         "load": {"tokenSeconds": 0, "besidesSeconds": 0, "jobSeconds": 0, "runningSeconds": 0,
                  "waitingSeconds": 0, "resident": ["h", "w"]}}
        """;
    // When
    WorkerHeartbeat read = Json.mapper().readValue(json, WorkerHeartbeat.class);
    // Then
    assertEquals(Tier.HOST, read.residency().of("h"));
    assertEquals(Tier.WARM, read.residency().of("w"));
    assertEquals(SwapCosts.NONE, read.load().swapSeconds());
    assertEquals(Optional.empty(), read.load().beatAt());
    assertFalse(read.loading());
    assertEquals(List.of(), read.fetching());
  }

  private static WorkerHeartbeat heartbeat(WorkerLoad load) {
    return new WorkerHeartbeat(
        WorkerHeartbeat.VERSION,
        "w",
        "tiny",
        "cpu",
        "float32",
        Optional.of("w"),
        1,
        Optional.empty(),
        0.25,
        0,
        List.of(0),
        AT,
        load,
        Abilities.Report.NONE,
        Optional.of(List.of()),
        List.of("f"));
  }
}

package dev.polyptych.schema.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTest {
  @Test
  void idsSortByAge() {
    List<String> ids =
        List.of("2025-01-01T00:00:00Z", "2025-01-01T00:00:00.001Z", "2031-07-01T12:00:00Z").stream()
            .map(time -> JobId.next(Clock.fixed(Instant.parse(time), ZoneOffset.UTC)))
            .toList();

    assertEquals(ids.stream().sorted().toList(), ids);
  }

  @Test
  void twoIdsOfOneMomentDiffer() {
    Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    assertNotEquals(JobId.next(clock), JobId.next(clock));
  }

  @Test
  void whatIsMadeHereMayBeUsed() {
    assertTrue(JobId.valid(JobId.next(Clock.systemUTC())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "{j}", "j:1", "j\n", "käse"})
  void whatCouldBreakAKeyMayNot(String id) {
    assertFalse(JobId.valid(id));
  }

  @Test
  void anIdTellsWhenItWasMade() {
    Instant made = Instant.parse("2026-11-23T06:00:00.123Z");

    assertEquals(Optional.of(made), JobId.time(JobId.next(Clock.fixed(made, ZoneOffset.UTC))));
    assertEquals(Optional.empty(), JobId.time("order-A-17"));
  }
}

package dev.polyptych.worker.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdapterFaultsTest {
  private static final JobError ERROR = new JobError(ErrorCode.ADAPTER_UNAVAILABLE, "hangs");

  private Instant now = Instant.EPOCH;
  private final AdapterFaults faults = new AdapterFaults(List.of("a", "b", "a"), new Ticking());

  @Test
  void anAdapterWithoutAFileIsMissingUntilItHasOne() {
    // When
    faults.look(Optional.of(Set.of("b", "other")));
    List<String> without = faults.ids();
    faults.look(Optional.of(Set.of("a", "b")));
    // Then
    assertEquals(List.of("a"), without);
    assertEquals(List.of(), faults.ids());
  }

  @Test
  void anEngineThatCanNotTellLacksNothing() {
    // When
    faults.look(Optional.empty());
    // Then
    assertEquals(List.of(), faults.ids());
  }

  @Test
  void anAdapterThatCouldNotBeReadIsTriedAgainAfterHalfAMinute() {
    // Given
    faults.failed("b", ERROR);
    // When
    now = now.plusSeconds(29);
    Optional<JobError> before = faults.of("b");
    now = now.plusSeconds(1);
    // Then
    assertEquals(Optional.of(ERROR), before);
    assertEquals(Optional.empty(), faults.of("b"));
  }

  @Test
  void anAdapterThatIsReadIsFineAtOnce() {
    // Given
    faults.failed("b", ERROR);
    // When
    faults.read("b");
    // Then
    assertEquals(Optional.empty(), faults.of("b"));
  }

  private final class Ticking extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}

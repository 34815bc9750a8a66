package dev.polyptych.worker.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.worker.adapter.AdapterFetcher;
import dev.polyptych.worker.adapter.Fetchers;
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
  private final AdapterFetcher fetcher = Fetchers.none();
  private final AdapterFaults faults =
      new AdapterFaults(List.of("a", "b", "a"), fetcher, new Ticking());

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

  @Test
  void aSetCanNotBeReadWithoutEachOfItsMembers() {
    // Given
    String unfetched = "ab".repeat(32);
    fetcher.want(List.of(unfetched));
    // When
    faults.look(Optional.of(Set.of("b")));
    faults.failed("b+c", ERROR);
    // Then
    assertEquals(
        "adapter sha256:"
            + unfetched
            + ": this worker has no object store to fetch it from; set objects",
        faults.of("b+" + unfetched).orElseThrow().detail());
    assertEquals("this worker has no file of adapter a", faults.of("b+a").orElseThrow().detail());
    assertEquals(Optional.of(ERROR), faults.of("b+c"));
    assertEquals(Optional.empty(), faults.of("b"));
    assertEquals(Optional.empty(), faults.of("base-alone"));
    assertEquals(List.of("a", unfetched, "b+c"), faults.ids());
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

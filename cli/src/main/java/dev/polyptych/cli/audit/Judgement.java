package dev.polyptych.cli.audit;

import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.store.StoredJob;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Judges one job. Kafka was read before Redis, and committed offsets before records. So a job that
 * is open in Redis has an uncommitted record, or is too young to have been seen.
 *
 * @param begun when the audit began; later changes are not judged
 * @param retention how long results and outcomes are kept
 * @param wholeDeadTopic whether the dead topic still has its first letter
 */
record Judgement(Instant begun, Retention retention, boolean wholeDeadTopic) {
  /** The longest time between a write to Redis and the write to Kafka that belongs to it. */
  private static final Duration SETTLING = Duration.ofMinutes(1);

  /** The fault; empty when there is none. */
  Optional<Fault> of(StoredJob stored, Produced produced) {
    if (stored.state().isEmpty()) {
      return untraced(stored, produced) ? Optional.of(Fault.LOST) : Optional.empty();
    }
    JobState state = stored.state().get();
    if (!state.terminal()) {
      return produced.open() || young(stored.acceptedAt())
          ? Optional.empty()
          : Optional.of(Fault.STRANDED);
    }
    return ended(state, stored, produced);
  }

  private boolean untraced(StoredJob stored, Produced produced) {
    boolean reported = stored.tombstone().isPresent() || produced.letters() > 0;
    // A worker takes up what Redis does not know.
    boolean expected = produced.open();
    boolean forgotten =
        produced.records() > 0 && produced.newest().plus(retention.tombstones()).isBefore(begun);
    return !reported && !expected && !forgotten;
  }

  private Optional<Fault> ended(JobState state, StoredJob stored, Produced produced) {
    if (stored.ends().size() > 1) {
      return Optional.of(Fault.ENDED_TWICE);
    }
    if (!stored.ends().contains(state) || stored.tombstone().filter(state::equals).isEmpty()) {
      return Optional.of(Fault.CONTRADICTORY);
    }
    if (state == JobState.DONE) {
      boolean due =
          stored.finishedAt().filter(at -> at.plus(retention.results()).isAfter(begun)).isPresent();
      return due && stored.images() < stored.imagesDue()
          ? Optional.of(Fault.WITHOUT_RESULT)
          : Optional.empty();
    }
    if (stored.images() > 0) {
      return Optional.of(Fault.STRAY_RESULT);
    }
    boolean letterDue = state == JobState.FAILED && stored.attempt() > 0 && wholeDeadTopic;
    return letterDue && produced.letters() == 0 && !young(stored.finishedAt())
        ? Optional.of(Fault.WITHOUT_LETTER)
        : Optional.empty();
  }

  private boolean young(Optional<Instant> at) {
    return at.filter(begun.minus(SETTLING)::isBefore).isPresent();
  }
}

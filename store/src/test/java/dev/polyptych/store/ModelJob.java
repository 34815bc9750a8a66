package dev.polyptych.store;

import dev.polyptych.schema.job.JobState;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What the contract says of one job, without Redis: each call's answer as text, and the state that
 * the job is in afterwards.
 */
final class ModelJob {
  private static final String DONE = Verdict.DONE.name();
  private static final String STALE = Verdict.STALE.name();

  private Optional<JobState> state = Optional.empty();
  private int newest;
  private int handedBack;

  /** Attempts whose worker went silent and has not reported since. */
  private final Set<Integer> lost = new HashSet<>();

  private boolean startByPassed;
  private boolean finishByPassed;
  private boolean forgotten;

  /** Empty while nobody has heard of it, and when its record has expired. */
  Optional<JobState> state() {
    return forgotten ? Optional.empty() : state;
  }

  String answer(Step.Kind call, int attempt) {
    if (forgotten) {
      return buried(call);
    }
    if (state.isEmpty()) {
      return unheardOf(call);
    }
    if (reports(call) && !holds(attempt)) {
      lost.remove(attempt);
    }
    return switch (call) {
      case ACCEPT, ADOPT -> STALE;
      case QUEUE -> change(is(JobState.ACCEPTED), JobState.QUEUED);
      case CANCEL -> change(open(), JobState.CANCELLED);
      case ABANDON -> change(is(JobState.ACCEPTED), JobState.FAILED);
      case FAIL -> change(holds(attempt), JobState.FAILED);
      case CHECKPOINT -> change(holds(attempt), JobState.RENDERING);
      case PROGRESS -> inTime(attempt, JobState.RENDERING);
      case FINISH -> inTime(attempt, JobState.DONE);
      case RELEASE -> release(attempt, 1);
      case RETRY -> release(attempt, 0);
      case CLAIM -> claim();
      case SWEEP -> sweep();
      case START_BY_PASSES -> {
        startByPassed = true;
        yield "";
      }
      case FINISH_BY_PASSES -> {
        finishByPassed = true;
        yield "";
      }
      case RECORD_EXPIRES -> {
        forgotten = !open();
        yield "";
      }
    };
  }

  private static boolean reports(Step.Kind call) {
    return switch (call) {
      case PROGRESS, CHECKPOINT, FINISH, RELEASE, RETRY, FAIL -> true;
      case ACCEPT,
          ADOPT,
          QUEUE,
          CLAIM,
          CANCEL,
          ABANDON,
          SWEEP,
          START_BY_PASSES,
          FINISH_BY_PASSES,
          RECORD_EXPIRES ->
          false;
    };
  }

  private String unheardOf(Step.Kind call) {
    return switch (call) {
      case ACCEPT -> change(true, JobState.ACCEPTED);
      case ADOPT -> change(true, JobState.QUEUED);
      case START_BY_PASSES, FINISH_BY_PASSES, RECORD_EXPIRES -> "";
      case QUEUE,
          CLAIM,
          PROGRESS,
          CHECKPOINT,
          FINISH,
          RELEASE,
          RETRY,
          FAIL,
          CANCEL,
          ABANDON,
          SWEEP ->
          "UNKNOWN";
    };
  }

  /** The tombstone alone is left. */
  private String buried(Step.Kind call) {
    return switch (call) {
      case ACCEPT, ADOPT -> STALE;
      case CLAIM -> "settled " + state.orElseThrow();
      case QUEUE,
          PROGRESS,
          CHECKPOINT,
          FINISH,
          RELEASE,
          RETRY,
          FAIL,
          CANCEL,
          ABANDON,
          SWEEP,
          START_BY_PASSES,
          FINISH_BY_PASSES,
          RECORD_EXPIRES ->
          unheardOf(call);
    };
  }

  private String claim() {
    if (open()) {
      if (overdue()) {
        state = Optional.of(JobState.EXPIRED);
      } else if (newest - handedBack == JobStore.MAX_ATTEMPTS) {
        state = Optional.of(JobState.FAILED);
      } else if (is(JobState.RENDERING) && !lost.isEmpty()) {
        state = Optional.of(JobState.FAILED);
      } else {
        if (is(JobState.RENDERING)) {
          lost.add(newest);
        }
        state = Optional.of(JobState.RENDERING);
        newest++;
        return "granted " + newest;
      }
    }
    return "settled " + state.orElseThrow();
  }

  private String sweep() {
    if (!open()) {
      return "SETTLED";
    }
    if (overdue()) {
      state = Optional.of(JobState.EXPIRED);
      return "EXPIRED";
    }
    return is(JobState.ACCEPTED) ? "FORGOTTEN" : "OPEN";
  }

  private String inTime(int attempt, JobState next) {
    if (holds(attempt) && finishByPassed) {
      state = Optional.of(JobState.EXPIRED);
      return STALE;
    }
    return change(holds(attempt), next);
  }

  private String release(int attempt, int uncounted) {
    if (is(JobState.QUEUED) && attempt == newest) {
      return DONE;
    }
    handedBack += holds(attempt) ? uncounted : 0;
    return change(holds(attempt), JobState.QUEUED);
  }

  private String change(boolean allowed, JobState next) {
    if (allowed) {
      state = Optional.of(next);
    }
    return allowed ? DONE : tooLate();
  }

  private String tooLate() {
    return is(JobState.CANCELLED) ? Verdict.CANCELLED.name() : STALE;
  }

  private boolean overdue() {
    return finishByPassed || (startByPassed && newest == 0);
  }

  private boolean holds(int attempt) {
    return is(JobState.RENDERING) && attempt == newest;
  }

  private boolean open() {
    return state.filter(JobState::terminal).isEmpty();
  }

  private boolean is(JobState other) {
    return state.equals(Optional.of(other));
  }
}

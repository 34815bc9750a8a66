package dev.polyptych.lab.drill;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.polyptych.cli.audit.AuditReport;
import dev.polyptych.cli.audit.Fault;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The ends of jobs that callers were told, to count what a loss of a store changed: jobs without an
 * end, jobs done again, and jobs that ended and are forgotten. Safe for all threads.
 */
final class JobEnds {
  @GuardedBy("this")
  private final Map<String, End> told = new HashMap<>();

  @GuardedBy("this")
  private final Set<String> counted = new HashSet<>();

  @GuardedBy("this")
  private final Map<String, End> forgotten = new HashMap<>();

  /** An end of a job. A job that ends again has another time. */
  record End(JobState state, Instant at) {
    /** Empty while the job is open. */
    static Optional<End> of(JobStatus job) {
      return job.state().terminal()
          ? Optional.of(new End(job.state(), job.times().finished().orElse(Instant.EPOCH)))
          : Optional.empty();
    }
  }

  /**
   * What became of the jobs that were accepted before a fault, once they have settled.
   *
   * @param ended how many ended in each state; each job counts after one fault only
   * @param lost jobs without an end
   * @param again jobs whose caller knew their end, and that came to an end once more
   * @param forgotten jobs whose caller knew their end, and that the cluster knows no more
   */
  record Aftermath(SortedMap<JobState, Long> ended, long lost, long again, long forgotten) {
    Aftermath {
      ended = new TreeMap<>(ended);
    }

    /** Number of jobs that were accepted since the fault before. */
    long accepted() {
      return lost + ended.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Number of jobs that ended in a state. */
    long ended(JobState state) {
      return ended.getOrDefault(state, 0L);
    }

    /** One line for people. */
    String text() {
      return "%d jobs: %s; %d lost, %d done again, %d forgotten"
          .formatted(
              accepted(),
              ended.entrySet().stream()
                  .map(count -> count.getValue() + " " + count.getKey().text())
                  .collect(Collectors.joining(", ")),
              lost,
              again,
              forgotten);
    }

    Aftermath plus(Aftermath other) {
      SortedMap<JobState, Long> sum = new TreeMap<>(ended);
      other.ended.forEach((state, count) -> sum.merge(state, count, Long::sum));
      return new Aftermath(
          sum, lost + other.lost, again + other.again, forgotten + other.forgotten);
    }
  }

  /** A caller sees a job. Only its first end counts until {@link #settle}. */
  void see(JobStatus job) {
    End.of(job).ifPresent(end -> see(job.id(), end));
  }

  synchronized void see(String id, End end) {
    told.putIfAbsent(id, end);
  }

  /** Whether a caller was told the job's end. */
  synchronized boolean told(String id) {
    return told.containsKey(id);
  }

  /** Those of the jobs that the cluster has not forgotten with their callers' knowledge. */
  synchronized List<String> remembered(Collection<String> ids) {
    List<String> remembered = new ArrayList<>(ids);
    remembered.removeAll(forgotten.keySet());
    return remembered;
  }

  /** Jobs that were done when the cluster forgot them. */
  synchronized long forgottenDone() {
    return forgotten.values().stream().filter(end -> end.state() == JobState.DONE).count();
  }

  /**
   * Compares what callers were told with what the cluster tells now.
   *
   * @param ids accepted jobs that were remembered
   * @param now the ends that the cluster tells
   * @param unknown those of which it knows nothing
   */
  synchronized Aftermath settle(Collection<String> ids, Map<String, End> now, Set<String> unknown) {
    SortedMap<JobState, Long> ended = new TreeMap<>();
    long lost = 0;
    long again = 0;
    long gone = 0;
    for (String id : ids) {
      Optional<End> before = Optional.ofNullable(told.get(id));
      Optional<End> after = Optional.ofNullable(now.get(id));
      Optional<End> end = after.or(() -> unknown.contains(id) ? before : Optional.empty());
      if (end.isEmpty()) {
        lost++;
        continue;
      }
      if (after.isEmpty()) {
        forgotten.put(id, end.get());
        gone++;
      } else if (before.isPresent() && !before.equals(after)) {
        again++;
      }
      told.put(id, end.get());
      if (counted.add(id)) {
        ended.merge(end.get().state(), 1L, Long::sum);
      }
    }
    return new Aftermath(ended, lost, again, gone);
  }

  /**
   * The audit without the loss of jobs that no caller misses: he knew their end, or they were never
   * answered with 202. The same report if nothing was forgotten.
   *
   * @param accepted ids of jobs that were answered with 202
   */
  synchronized AuditReport missed(AuditReport audit, Collection<String> accepted) {
    List<String> lost = audit.faults().getOrDefault(Fault.LOST, List.of());
    if (forgotten.isEmpty() || lost.isEmpty()) {
      return audit;
    }
    Set<String> owed = new HashSet<>(remembered(accepted));
    List<String> missed = new ArrayList<>(lost);
    missed.removeIf(id -> JobId.time(id).isPresent() && !owed.contains(id));
    SortedMap<Fault, List<String>> faults = new TreeMap<>(audit.faults());
    faults.remove(Fault.LOST);
    if (!missed.isEmpty()) {
      faults.put(Fault.LOST, missed);
    }
    return new AuditReport(
        audit.jobs(),
        audit.states(),
        audit.accepted(),
        audit.laneRecords(),
        audit.repeatedRecords(),
        faults);
  }
}

package dev.polyptych.cli.audit;

import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an audit found.
 *
 * @param jobs looked at
 * @param states how many jobs are in each state; ended ones whose record has expired are {@code
 *     forgotten}, direct ones that no worker has seen yet {@code unclaimed}
 * @param accepted the same, for the jobs that clients received with a 202
 * @param laneRecords on Kafka; {@code repeatedRecords} of them are not the first one of their job
 * @param faults ids of the jobs, or positions of the records, by fault
 */
public record AuditReport(
    long jobs,
    SortedMap<String, Long> states,
    SortedMap<String, Long> accepted,
    long laneRecords,
    long repeatedRecords,
    SortedMap<Fault, List<String>> faults) {
  private static final int LISTED = 20;

  public AuditReport {
    states = new TreeMap<>(states);
    accepted = new TreeMap<>(accepted);
    faults = new TreeMap<>(faults);
  }

  /** Whether every job has come to exactly one end, or is on its way to one. */
  public boolean clean() {
    return faults.isEmpty();
  }

  /** Jobs with one of the faults. */
  public long count(Fault... which) {
    return List.of(which).stream()
        .mapToLong(fault -> faults.getOrDefault(fault, List.of()).size())
        .sum();
  }

  /** Jobs without a result that are not reported as failed. */
  public long lost() {
    return count(Fault.LOST, Fault.STRANDED, Fault.WITHOUT_RESULT);
  }

  /** Jobs with more than one outcome. */
  public long doubled() {
    return count(Fault.ENDED_TWICE, Fault.STRAY_RESULT, Fault.CONTRADICTORY);
  }

  /** Jobs with a fault of any kind. */
  public long faulty() {
    return count(Fault.values());
  }

  /** Jobs that have not ended. */
  public long open() {
    return states.entrySet().stream()
        .filter(state -> OPEN.contains(state.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static final List<String> OPEN =
      List.of(
          JobState.ACCEPTED.text(),
          JobState.QUEUED.text(),
          JobState.RENDERING.text(),
          Audit.UNCLAIMED);

  /** One JSON object on one line. */
  public String json() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("clean", clean());
    root.put("jobs", jobs);
    root.put("open", open());
    root.put("lost", lost());
    root.put("double", doubled());
    root.put("states", states);
    root.put("accepted", accepted);
    root.put("laneRecords", laneRecords);
    root.put("repeatedRecords", repeatedRecords);
    Map<String, List<String>> byText = new LinkedHashMap<>();
    faults.forEach((fault, ids) -> byText.put(fault.text(), ids));
    root.put("faults", byText);
    return new String(Json.bytes(root), StandardCharsets.UTF_8);
  }

  /** Lines for people. */
  public String text() {
    StringBuilder text = new StringBuilder();
    states.forEach((state, count) -> text.append("%10d %s%n".formatted(count, state)));
    text.append("%10d jobs in total, %d of them open%n".formatted(jobs, open()));
    text.append(
        "%10d records on the lanes, %d of them after a job's first%n"
            .formatted(laneRecords, repeatedRecords));
    faults.forEach(
        (fault, ids) -> {
          text.append("%n%s: %d; each %s%n".formatted(fault.text(), ids.size(), fault.meaning()));
          ids.stream().limit(LISTED).forEach(id -> text.append("  %s%n".formatted(id)));
          if (ids.size() > LISTED) {
            text.append("  and %d more; --json lists all%n".formatted(ids.size() - LISTED));
          }
        });
    text.append("%n%d lost, %d double%n".formatted(lost(), doubled()));
    return text.toString();
  }
}

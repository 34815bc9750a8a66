package dev.polyptych.lab.autoscale;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * The recorded series that the fleet is scaled on, in GPU-seconds. It is the largest of three
 * values: the backlog, a value for workers that are loading, and a value for busy workers.
 *
 * @param everySeconds interval of the recording
 * @param unmeasuredSeconds value of a job before any job was measured
 * @param loadingSeconds value of a worker that is loading
 * @param busySeconds value of a busy GPU
 * @param windowSeconds over which busy GPUs are averaged
 */
record Wanted(
    int everySeconds,
    double unmeasuredSeconds,
    double loadingSeconds,
    double busySeconds,
    double windowSeconds) {
  static final String SERIES = "polyptych:wanted_gpu_seconds";
  private static final String OUTSTANDING = "polyptych:outstanding_gpu_seconds";

  private static final Pattern BY_LANE =
      Pattern.compile(
          "max by \\(base, lane\\) \\(polyptych_dispatcher_outstanding_gpu_seconds\\) "
              + "or max by \\(base, lane\\) \\(polyptych_dispatcher_backlog_jobs\\) \\* (\\d+)");

  private static final Pattern LARGEST =
      Pattern.compile(
          "max by \\(base\\) \\( label_replace\\(sum by \\(base\\)"
              + " \\(polyptych:outstanding_gpu_seconds\\), .*?\\) or label_replace\\((\\d+) \\* sum"
              + " by \\(base\\) \\(polyptych:workers\\{state=\"loading\"}\\), .*?\\)(?: or"
              + " label_replace\\((\\d+) / ([\\d.]+) \\* sum by \\(base\\)"
              + " \\(rate\\(polyptych_worker_busy_seconds_total\\[(\\d+)m]\\) \\* on"
              + " \\(instance\\) group_left \\(base\\) polyptych:worker_base\\), .*?\\))?\\)");

  /**
   * Reads the rules of {@code k8s/base/rules.yaml}.
   *
   * @throws IllegalArgumentException if the simulation does not know the rule's expression
   */
  static Wanted read(JsonNode rules) {
    JsonNode group = rules.at("/spec/groups/0");
    Matcher byLane = match(BY_LANE, OUTSTANDING, group);
    Matcher largest = match(LARGEST, SERIES, group);
    boolean flow = largest.group(2) != null;
    return new Wanted(
        Integer.parseInt(group.path("interval").asText().replace("s", "")),
        Double.parseDouble(byLane.group(1)),
        Double.parseDouble(largest.group(1)),
        flow ? Double.parseDouble(largest.group(2)) / Double.parseDouble(largest.group(3)) : 0,
        flow ? 60 * Double.parseDouble(largest.group(4)) : 0);
  }

  private static Matcher match(Pattern pattern, String series, JsonNode group) {
    String expression =
        StreamSupport.stream(group.path("rules").spliterator(), false)
            .filter(rule -> rule.path("record").asText().equals(series))
            .map(rule -> rule.path("expr").asText())
            .findFirst()
            .orElse("");
    Matcher matcher = pattern.matcher(expression);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          series + ": the simulation does not know this expression: " + expression);
    }
    return matcher;
  }

  /**
   * @param outstanding GPU-seconds of all jobs that are not settled
   * @param loading number of workers that are loading
   * @param busy mean number of busy GPUs
   */
  double gpuSeconds(double outstanding, int loading, double busy) {
    return Math.max(outstanding, Math.max(loadingSeconds * loading, busySeconds * busy));
  }

  /** Without the value for busy GPUs. */
  Wanted backlogOnly() {
    return new Wanted(everySeconds, unmeasuredSeconds, loadingSeconds, 0, 0);
  }
}

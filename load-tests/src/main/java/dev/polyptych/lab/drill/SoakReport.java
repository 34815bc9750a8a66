package dev.polyptych.lab.drill;

import dev.polyptych.cli.audit.AuditReport;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.BenchReport.Aim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * The result of a soak.
 *
 * @param load how often each thing was done
 * @param faults answers that nobody expects
 * @param ended processes that ended by themselves
 * @param samples during the load, in order of time; at least four
 * @param rest the cluster after the load, with nothing to do
 */
public record SoakReport(
    Map<String, Double> load,
    long faults,
    int ended,
    List<SoakSample> samples,
    SoakSample rest,
    AuditReport audit) {
  private static final double MEMORY_GROWTH = 0.10;
  private static final int COUNT_GROWTH = 8;

  /** The event log of all jobs, the fleet's registers and the like: one of each, for ever. */
  private static final int LASTING_KEYS = 40;

  private static final String ROW = "| %-24s | %10s | %10s | %10s | %10s |%n";

  public SoakReport {
    load = new LinkedHashMap<>(load);
    samples = List.copyOf(samples);
    if (samples.size() < 4) {
      throw new IllegalArgumentException("a soak needs four samples, not " + samples.size());
    }
  }

  /** Whether all is flat that should be, and no job was lost. */
  public boolean passed() {
    return bench().aims().stream().allMatch(Aim::met);
  }

  /** The same as a benchmark report. */
  public BenchReport bench() {
    Map<String, Double> figures = new LinkedHashMap<>(load);
    List<Aim> aims = new ArrayList<>();
    for (Line line : lines()) {
      figures.put(line.name() + "_early", line.early());
      figures.put(line.name() + "_late", line.late());
      figures.put(line.name() + "_rest", line.rest());
      line.bound()
          .ifPresent(bound -> aims.add(Aim.atMost(line.name() + "_late", bound, line.late())));
    }
    figures.put(
        "accepted_jobs", (double) audit.accepted().values().stream().mapToLong(n -> n).sum());
    figures.put("keys_at_rest", (double) rest.keys());
    rest.lasting().forEach((kind, count) -> figures.put("lasting " + kind, (double) count));
    aims.add(Aim.atMost("lasting_keys_at_rest", LASTING_KEYS, rest.lastingKeys()));
    aims.add(none("reservations_at_rest", rest.reservations()));
    aims.add(none("backlog_at_rest", rest.backlog()));
    aims.add(none("unexpected_answers", faults));
    aims.add(none("processes_that_ended", ended));
    aims.add(none("lost_jobs", audit.lost()));
    aims.add(none("double_jobs", audit.doubled()));
    aims.add(none("faulty_jobs", audit.faulty()));
    aims.add(none("open_jobs", audit.open()));
    return new BenchReport("soak", BenchReport.thisMachine(), figures, aims);
  }

  /** A table for people, with the result. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(ROW.formatted("what", "first", "early", "late", "at rest"));
    text.append(ROW.formatted("---", "--:", "--:", "--:", "--:"));
    for (Line line : lines()) {
      text.append(
          ROW.formatted(
              line.name().replace('_', ' '),
              number(line.first()),
              number(line.early()),
              number(line.late()),
              number(line.rest())));
    }
    text.append("%nkeys without a time to live, at rest:%n".formatted());
    rest.lasting().forEach((kind, count) -> text.append("  %-40s %6d%n".formatted(kind, count)));
    text.append("%ndone:%n".formatted());
    load.forEach((name, count) -> text.append("  %-40s %6.0f%n".formatted(name, count)));
    text.append("%nThe audit:%n".formatted()).append(audit.text());
    bench().aims().stream()
        .filter(aim -> !aim.met())
        .forEach(
            aim ->
                text.append(
                    "missed: %s %s, was %s%n"
                        .formatted(aim.name(), aim.aim(), number(aim.value()))));
    return text.toString();
  }

  /** The mean of the second and of the last quarter; caches fill in the first. */
  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (String process : rest.processes().keySet()) {
      lines.add(
          line(process + "_mib", sample -> use(sample, process).residentMib())
              .within(1 + MEMORY_GROWTH, process.equals("redis") ? Double.NaN : 0));
      lines.add(
          line(process + "_descriptors", sample -> use(sample, process).descriptors())
              .within(1, COUNT_GROWTH));
      lines.add(
          line(process + "_threads", sample -> use(sample, process).threads())
              .within(1, COUNT_GROWTH));
    }
    lines.add(line("redis_data_mib", SoakSample::redisMib));
    lines.add(line("keys", sample -> (double) sample.keys()));
    lines.add(line("lasting_keys", sample -> (double) sample.lastingKeys()));
    lines.add(line("reservations", sample -> (double) sample.reservations()));
    lines.add(line("backlog", sample -> (double) sample.backlog()));
    return lines;
  }

  private Line line(String name, ToDoubleFunction<SoakSample> value) {
    int quarter = samples.size() / 4;
    return new Line(
        name,
        value.applyAsDouble(samples.getFirst()),
        mean(samples.subList(quarter, 2 * quarter), value),
        mean(samples.subList(samples.size() - quarter, samples.size()), value),
        value.applyAsDouble(rest),
        OptionalDouble.empty());
  }

  private static double mean(List<SoakSample> some, ToDoubleFunction<SoakSample> value) {
    return some.stream().mapToDouble(value).average().orElseThrow();
  }

  private static ProcessUse use(SoakSample sample, String process) {
    return sample.processes().getOrDefault(process, new ProcessUse(0, 0, 0));
  }

  private static Aim none(String name, long count) {
    return Aim.atMost(name, 0, (double) count);
  }

  private static String number(double value) {
    return "%.1f".formatted(value);
  }

  /**
   * One figure over time.
   *
   * @param bound of the late mean, where it should be flat
   */
  private record Line(
      String name, double first, double early, double late, double rest, OptionalDouble bound) {
    /** Flat: late is at most early times a factor plus a slack. */
    Line within(double factor, double slack) {
      return Double.isNaN(slack)
          ? this
          : new Line(name, first, early, late, rest, OptionalDouble.of(early * factor + slack));
    }
  }
}

package dev.polyptych.lab.drill;

import dev.polyptych.cli.audit.AuditReport;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.lab.bench.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the drills showed.
 *
 * @param tallies in the order in which the drills were run
 * @param accepted how many jobs were answered with 202
 * @param mishaps outside of the drills: processes that ended by themselves, a load that could not
 *     be ended in good order
 * @param audit of the cluster at rest
 */
public record DrillReport(List<Tally> tallies, int accepted, int mishaps, AuditReport audit) {
  private static final String FAILED = "failed";
  private static final String ROW = "| %-10s | %7s | %14s | %14s | %16s | %7s |%n";

  public DrillReport {
    tallies = List.copyOf(tallies);
  }

  /** Whether every drill was borne and no job was lost or doubled. */
  public boolean borne() {
    return bench().aims().stream().allMatch(Aim::met);
  }

  /** As the benchmarks report. */
  public BenchReport bench() {
    Map<String, Double> figures = new LinkedHashMap<>();
    List<Aim> aims = new ArrayList<>();
    for (Tally tally : tallies) {
      String name = tally.kind().text();
      figures.put(name + "_done", (double) tally.done());
      if (tally.done() > 0) {
        figures.put(name + "_recovery_p50_seconds", tally.recoverySeconds(0.5));
        figures.put(name + "_recovery_max_seconds", tally.recoverySeconds(1));
        figures.put(name + "_further_attempts", (double) tally.furtherAttempts());
        figures.put(name + "_resumed", (double) tally.resumed());
      }
      aims.add(Aim.atLeast(name + "_done", tally.asked(), tally.done()));
    }
    figures.put("accepted_jobs", (double) accepted);
    figures.put("done_jobs", (double) audit.states().getOrDefault("done", 0L));
    figures.put("failed_jobs", (double) audit.states().getOrDefault(FAILED, 0L));
    figures.put("repeated_records", (double) audit.repeatedRecords());
    aims.add(none("lost_jobs", audit.lost()));
    aims.add(none("double_jobs", audit.doubled()));
    aims.add(none("faulty_jobs", audit.faulty()));
    aims.add(none("open_jobs", audit.open()));
    // Failed ones may be those given up for a repeated submission: nobody was promised them.
    aims.add(
        Aim.atLeast("accepted_jobs_done", accepted, audit.accepted().getOrDefault("done", 0L)));
    aims.add(none("mishaps", mishaps));
    return new BenchReport("drill", Machine.facts(), figures, aims);
  }

  /** A table for people, and the verdict. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        ROW.formatted(
            "drill", "done", "recovery p50 s", "recovery max s", "further attempts", "resumed"));
    text.append(ROW.formatted("---", "--:", "--:", "--:", "--:", "--:"));
    for (Tally tally : tallies) {
      text.append(
          ROW.formatted(
              tally.kind().text(),
              tally.done() + "/" + tally.asked(),
              seconds(tally.recoverySeconds(0.5)),
              seconds(tally.recoverySeconds(1)),
              tally.furtherAttempts(),
              tally.resumed()));
    }
    text.append("%n%d jobs were accepted. The audit:%n".formatted(accepted));
    text.append(audit.text());
    bench().aims().stream()
        .filter(aim -> !aim.met())
        .forEach(
            aim ->
                text.append(
                    "missed: %s %s, was %.0f%n".formatted(aim.name(), aim.aim(), aim.value())));
    return text.toString();
  }

  private static Aim none(String name, long count) {
    return Aim.atMost(name, 0, (double) count);
  }

  private static String seconds(double value) {
    return Double.isNaN(value) ? "–" : "%.1f".formatted(value);
  }
}

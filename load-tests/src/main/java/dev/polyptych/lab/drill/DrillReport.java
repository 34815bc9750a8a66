package dev.polyptych.lab.drill;

import dev.polyptych.cli.audit.AuditReport;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.lab.bench.Timings;
import dev.polyptych.lab.drill.Drill.Incident;
import dev.polyptych.lab.drill.JobEnds.Aftermath;
import dev.polyptych.schema.job.JobState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of the drills.
 *
 * @param tallies in the order of the drills
 * @param accepted number of jobs answered with 202
 * @param forgottenDone how many of them were done, as their callers knew, when Redis lost them
 * @param mishaps outside of the drills: processes that ended by themselves, or a load that did not
 *     end properly
 * @param audit of the cluster at rest
 */
public record DrillReport(
    List<DrillTally> tallies, int accepted, long forgottenDone, int mishaps, AuditReport audit) {
  private static final String FAILED = "failed";
  private static final String ROW = "| %-14s | %7s | %14s | %14s | %16s | %7s | %5s |%n";
  private static final String LOSS_ROW = "| %-14s | %5s | %5s | %6s | %5s | %5s | %10s | %9s |%n";

  public DrillReport {
    tallies = List.copyOf(tallies);
  }

  /** Whether the cluster survived every drill and no job was lost or done twice. */
  public boolean passed() {
    return bench().aims().stream().allMatch(Aim::met);
  }

  /** The same as a benchmark report. */
  public BenchReport bench() {
    Map<String, Double> figures = new LinkedHashMap<>();
    List<Aim> aims = new ArrayList<>();
    for (DrillTally tally : tallies) {
      String name = tally.kind().text();
      figures.put(name + "_done", (double) tally.done());
      if (tally.done() > 0) {
        figures.put(name + "_recovery_p50_seconds", tally.recoverySeconds(0.5));
        figures.put(name + "_recovery_max_seconds", tally.recoverySeconds(1));
        figures.put(name + "_further_attempts", (double) tally.furtherAttempts());
        figures.put(name + "_resumed", (double) tally.resumed());
      }
      aims.add(Aim.atLeast(name + "_done", tally.asked(), tally.done()));
      figures.put(name + "_processes_ended", (double) tally.ended());
      tally.aftermath().ifPresent(loss -> count(name, loss, figures, aims));
    }
    figures.put("accepted_jobs", (double) accepted);
    figures.put("done_jobs", (double) audit.states().getOrDefault("done", 0L));
    figures.put("failed_jobs", (double) audit.states().getOrDefault(FAILED, 0L));
    figures.put("repeated_records", (double) audit.repeatedRecords());
    aims.add(none("lost_jobs", audit.lost()));
    aims.add(none("double_jobs", audit.doubled()));
    aims.add(none("faulty_jobs", audit.faulty()));
    aims.add(none("open_jobs", audit.open()));
    // A failed job may be one that a repeated submission replaced. Its id was never returned to a
    // caller.
    aims.add(
        Aim.atLeast(
            "accepted_jobs_done",
            accepted,
            (double) (forgottenDone + audit.accepted().getOrDefault("done", 0L))));
    aims.add(none("mishaps", mishaps));
    return new BenchReport("drill", BenchReport.thisMachine(), figures, aims);
  }

  /** A table for people, with the result. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        ROW.formatted(
            "drill",
            "done",
            "recovery p50 s",
            "recovery max s",
            "further attempts",
            "resumed",
            "ended"));
    text.append(ROW.formatted("---", "--:", "--:", "--:", "--:", "--:", "--:"));
    for (DrillTally tally : tallies) {
      text.append(
          ROW.formatted(
              tally.kind().text(),
              tally.done() + "/" + tally.asked(),
              seconds(tally.recoverySeconds(0.5)),
              seconds(tally.recoverySeconds(1)),
              tally.furtherAttempts(),
              tally.resumed(),
              tally.ended()));
    }
    appendLosses(text);
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

  private static void count(
      String name, Aftermath loss, Map<String, Double> figures, List<Aim> aims) {
    figures.put(name + "_accepted", (double) loss.accepted());
    figures.put(name + "_doubles_after_loss", (double) loss.again());
    figures.put(name + "_forgotten_after_loss", (double) loss.forgotten());
    aims.add(none(name + "_lost", loss.lost()));
  }

  private void appendLosses(StringBuilder text) {
    if (tallies.stream().allMatch(tally -> tally.aftermath().isEmpty())) {
      return;
    }
    text.append(
        "%nJobs of each drill. Done again: the caller knew its end, and it was drawn once more.%n"
            .formatted());
    text.append("Forgotten: the caller knew its end, and Redis lost it.%n".formatted());
    text.append(
        LOSS_ROW.formatted(
            "drill", "jobs", "done", "failed", "other", "lost", "done again", "forgotten"));
    text.append(LOSS_ROW.formatted("---", "--:", "--:", "--:", "--:", "--:", "--:", "--:"));
    for (DrillTally tally : tallies) {
      tally.aftermath().ifPresent(loss -> text.append(row(tally.kind(), loss)));
    }
  }

  private static String row(DrillKind kind, Aftermath loss) {
    long done = loss.ended(JobState.DONE);
    long failed = loss.ended(JobState.FAILED);
    return LOSS_ROW.formatted(
        kind.text(),
        loss.accepted(),
        done,
        failed,
        loss.accepted() - loss.lost() - done - failed,
        loss.lost(),
        loss.again(),
        loss.forgotten());
  }

  private static Aim none(String name, long count) {
    return Aim.atMost(name, 0, (double) count);
  }

  private static String seconds(double value) {
    return Double.isNaN(value) ? "–" : "%.1f".formatted(value);
  }

  /**
   * The result of one kind of drill.
   *
   * @param asked how often it should run
   * @param incidents those that the cluster survived
   * @param ended number of processes that ended by themselves meanwhile
   */
  public record DrillTally(DrillKind kind, int asked, List<Incident> incidents, int ended) {
    public DrillTally {
      incidents = List.copyOf(incidents);
    }

    int done() {
      return incidents.size();
    }

    /**
     * Seconds by nearest rank; NaN if there are none.
     *
     * @param share 0 to 1
     */
    double recoverySeconds(double share) {
      Timings timings = new Timings();
      incidents.forEach(incident -> timings.add(incident.recovery().toNanos()));
      return timings.percentile(share);
    }

    long furtherAttempts() {
      return incidents.stream().mapToLong(Incident::furtherAttempts).sum();
    }

    /** Empty if it was not counted. */
    Optional<Aftermath> aftermath() {
      return incidents.stream()
          .map(Incident::aftermath)
          .flatMap(Optional::stream)
          .reduce(Aftermath::plus);
    }

    long resumed() {
      return incidents.stream().mapToLong(Incident::resumed).sum();
    }
  }
}

package dev.polyptych.lab.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.cli.audit.AuditReport;
import dev.polyptych.cli.audit.Fault;
import dev.polyptych.lab.drill.Drill.Incident;
import dev.polyptych.lab.drill.DrillReport.DrillTally;
import dev.polyptych.lab.drill.JobEnds.Aftermath;
import dev.polyptych.schema.job.JobState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DrillReportTest {
  private static final DrillTally KILLS =
      new DrillTally(
          DrillKind.KILL, 3, List.of(incident(7, 1, 1), incident(9, 1, 0), incident(30, 2, 1)), 0);

  @Test
  void theTableShowsMedianAndMaximumOfTheRecoveries() {
    String row =
        new DrillReport(List.of(KILLS), 20, 0, 0, audit(20, 0, Map.of()))
            .text()
            .lines()
            .filter(line -> line.contains("kill"))
            .findFirst()
            .orElseThrow();

    assertEquals("|kill|3/3|9.0|30.0|4|2|0|", row.replace(" ", ""));
  }

  @Test
  void aClusterThatSurvivesEverythingHasNothingMissed() {
    DrillReport report = new DrillReport(List.of(KILLS), 20, 0, 0, audit(20, 0, Map.of()));

    assertTrue(report.passed());
    assertFalse(report.text().contains("missed"), report.text());
  }

  @Test
  void aLostJobIsMissed() {
    var lost = Map.of(Fault.LOST, List.of("j-1"));

    DrillReport report = new DrillReport(List.of(KILLS), 20, 0, 0, audit(19, 0, lost));

    assertFalse(report.passed());
    assertTrue(report.text().contains("missed: lost_jobs <= 0.0, was 1"), report.text());
  }

  @Test
  void aDrillThatTheClusterDidNotSurviveIsMissed() {
    DrillTally zombies = new DrillTally(DrillKind.ZOMBIE, 1, List.of(), 0);

    DrillReport report = new DrillReport(List.of(zombies), 20, 0, 0, audit(20, 0, Map.of()));

    assertFalse(report.passed());
    assertTrue(report.text().contains("missed: zombie_done >= 1.0, was 0"), report.text());
    assertTrue(report.bench().json().contains("\"zombie_done\":0.0"), report.bench().json());
  }

  @Test
  void aProcessThatEndedByItselfIsMissed() {
    assertFalse(new DrillReport(List.of(), 1, 0, 1, audit(1, 0, Map.of())).passed());
  }

  @Test
  void aLossIsToldByWhatItDidToTheJobs() {
    SortedMap<JobState, Long> ended =
        new TreeMap<>(Map.of(JobState.DONE, 18L, JobState.FAILED, 1L));
    Incident wiped = incident(40, 0, 0).with(new Aftermath(ended, 1, 5, 7));
    DrillTally wipes = new DrillTally(DrillKind.WIPE, 2, List.of(wiped, wiped), 0);

    DrillReport report = new DrillReport(List.of(wipes), 40, 7, 0, audit(33, 0, Map.of()));

    assertTrue(report.text().replace(" ", "").contains("|wipe|40|36|2|0|2|10|14|"), report::text);
    assertTrue(report.text().contains("missed: wipe_lost <= 0.0, was 2"), report::text);
    assertFalse(report.text().contains("missed: accepted_jobs_done"), report::text);
  }

  @Test
  void aJobThatNeverSettlesIsMissed() {
    assertFalse(new DrillReport(List.of(), 1, 0, 0, audit(0, 1, Map.of())).passed());
  }

  @Test
  void anAcceptedJobThatFailedIsMissedHoweverManyOthersAreDone() {
    SortedMap<String, Long> states = new TreeMap<>(Map.of("done", 30L, "failed", 1L));
    SortedMap<String, Long> accepted = new TreeMap<>(Map.of("done", 19L, "failed", 1L));

    var report =
        new DrillReport(
            List.of(), 20, 0, 0, new AuditReport(31, states, accepted, 31, 0, new TreeMap<>()));

    assertTrue(report.text().contains("missed: accepted_jobs_done >= 20.0, was 19"), report.text());
  }

  private static Incident incident(int seconds, int furtherAttempts, int resumed) {
    return new Incident(Duration.ofSeconds(seconds), furtherAttempts, resumed);
  }

  static AuditReport audit(long done, long queued, Map<Fault, List<String>> faults) {
    SortedMap<String, Long> states = new TreeMap<>(Map.of("done", done, "queued", queued));
    return new AuditReport(done + queued, states, states, done + queued, 0, new TreeMap<>(faults));
  }
}

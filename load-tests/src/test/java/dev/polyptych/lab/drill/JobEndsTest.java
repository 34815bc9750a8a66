package dev.polyptych.lab.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.polyptych.cli.audit.AuditReport;
import dev.polyptych.cli.audit.Fault;
import dev.polyptych.lab.drill.JobEnds.Aftermath;
import dev.polyptych.lab.drill.JobEnds.End;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobState;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JobEndsTest {
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
  private static final End DONE = new End(JobState.DONE, NOON);
  private static final End DONE_LATER = new End(JobState.DONE, NOON.plusSeconds(30));
  private static final End FAILED = new End(JobState.FAILED, NOON);

  private final String id = JobId.next(Clock.systemUTC());
  private final String other = JobId.next(Clock.systemUTC());
  private final JobEnds ends = new JobEnds();

  @Test
  void jobsThatEndedCountOnceByTheirState() {
    Aftermath first = settle(Map.of(id, DONE, other, FAILED), Set.of());

    Aftermath second = settle(Map.of(id, DONE, other, FAILED), Set.of());

    assertEquals(aftermath(Map.of(JobState.DONE, 1L, JobState.FAILED, 1L), 0, 0, 0), first);
    assertEquals(2, first.accepted());
    assertEquals(aftermath(Map.of(), 0, 0, 0), second);
  }

  @Test
  void anEndAtAnotherTimeIsADoubleAfterALoss() {
    ends.see(id, DONE);
    ends.see(id, DONE_LATER);

    Aftermath loss = settle(Map.of(id, DONE_LATER, other, DONE), Set.of());

    assertEquals(aftermath(Map.of(JobState.DONE, 2L), 0, 1, 0), loss);
    assertEquals(0, settle(Map.of(id, DONE_LATER, other, DONE), Set.of()).again());
  }

  @Test
  void aJobThatNobodyKnowsAndWhoseEndNobodyWasToldIsLost() {
    Aftermath loss = settle(Map.of(other, DONE), Set.of(id));

    assertEquals(aftermath(Map.of(JobState.DONE, 1L), 1, 0, 0), loss);
    assertEquals(List.of(id, other), ends.remembered(List.of(id, other)));
  }

  @Test
  void aJobThatNeverEndsIsLostEvenIfItHadEndedBefore() {
    ends.see(id, DONE);

    assertEquals(1, settle(Map.of(other, DONE), Set.of()).lost());
  }

  @Test
  void aJobWhoseEndItsCallerKnewMayBeForgotten() {
    ends.see(id, DONE);

    Aftermath loss = settle(Map.of(other, DONE), Set.of(id));

    assertEquals(aftermath(Map.of(JobState.DONE, 2L), 0, 0, 1), loss);
    assertEquals(List.of(other), ends.remembered(List.of(id, other)));
    assertEquals(1, ends.forgottenDone());
  }

  @Test
  void theAuditMissesNoJobThatWasForgottenAndEveryOtherOne() {
    String never = JobId.next(Clock.systemUTC());
    var audit = audit(id, other, never, "polyptych.render.batch-0@5");
    assertSame(audit, ends.missed(audit, List.of(id, other)));
    ends.see(id, DONE);
    settle(Map.of(other, DONE), Set.of(id));

    AuditReport missed = ends.missed(audit, List.of(id, other));

    assertEquals(Map.of(Fault.LOST, List.of(other, "polyptych.render.batch-0@5")), missed.faults());
  }

  private Aftermath settle(Map<String, End> now, Set<String> unknown) {
    return ends.settle(List.of(id, other), now, unknown);
  }

  private static AuditReport audit(String... lost) {
    return DrillReportTest.audit(1, 0, Map.of(Fault.LOST, List.of(lost)));
  }

  private static Aftermath aftermath(
      Map<JobState, Long> ended, long lost, long again, long forgotten) {
    return new Aftermath(new TreeMap<>(ended), lost, again, forgotten);
  }
}

package dev.polyptych.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.engine.Eventually;
import dev.polyptych.policy.routing.PartitionRanking;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.Deadline;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.store.NewJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Handover between real workers. */
class IdleWorkerIT {
  private static final String ADAPTER = "film-storyboard";
  private static final String LANE = Topics.of("tiny", Lane.INTERACTIVE);
  private static final int HOME = PartitionRanking.first(ADAPTER, Bench.PARTITIONS);
  private static final int ELSEWHERE = (HOME + 1) % Bench.PARTITIONS;

  @AutoClose private final Bench bench = Bench.shared();

  @Test
  void anIdleWorkerIsGivenJobsOfALoadedOneAndEachIsDrawnOnce() throws Exception {
    // Given two workers, of which the one that owns the partition knows how long jobs take
    PaintingEngine one = PaintingEngine.slow(Duration.ofMillis(15));
    PaintingEngine two = PaintingEngine.slow(Duration.ofMillis(15));
    Worker first = bench.start("w1", one);
    Worker second = bench.start("w2", two);
    int half = Bench.PARTITIONS / 2;
    Eventually.until(
        "each has half of the partitions",
        () -> first.partitions().size() == half && second.partitions().size() == half);
    bench.awaitState(bench.submit(ADAPTER, 0, 10).id(), JobState.DONE);
    boolean firstOwns = first.partitions().contains(HOME);
    PaintingEngine owner = firstOwns ? one : two;
    PaintingEngine idle = firstOwns ? two : one;
    // When
    List<RenderJob> jobs = new ArrayList<>();
    Instant begin = Instant.now();
    for (int seed = 1; seed <= 24; seed++) {
      jobs.add(bench.submit(ADAPTER, seed, 20));
    }
    // Then
    for (RenderJob job : jobs) {
      bench.awaitState(job.id(), JobState.DONE);
      assertEquals(1, doneEvents(job.id()));
    }
    List<String> begun = new ArrayList<>(owner.begun());
    begun.addAll(idle.begun());
    assertEquals(jobs.size() + 1, begun.size(), "drawn more than once");
    assertTrue(idle.begun().size() >= 6, () -> "the idle one drew " + idle.begun().size());
    double told = Bench.metric(firstOwns ? first : second, "polyptych_worker_handovers_total", "");
    assertTrue(told >= idle.begun().size(), () -> told + " handovers were told");
    Eventually.until("all records are committed", bench::allCommitted);
    for (String id : new HashSet<>(idle.begun())) {
      List<ConsumerRecord<byte[], byte[]>> both = bench.records(Lane.INTERACTIVE, id);
      ConsumerRecord<byte[], byte[]> original =
          both.stream().filter(record -> record.partition() == HOME).findFirst().orElseThrow();
      ConsumerRecord<byte[], byte[]> moved =
          both.stream().filter(record -> record.partition() != HOME).findFirst().orElseThrow();
      assertEquals(2, both.size());
      assertEquals(original.timestamp(), moved.timestamp(), "its age begins anew");
      assertTrue(original.timestamp() >= begin.toEpochMilli() - 1);
      assertEquals("1", header(moved, Topics.HEADER_HOPS));
      assertEquals("tester", header(moved, Topics.HEADER_TENANT));
      assertEquals(
          Optional.of(new QueuePlace(moved.topic(), moved.partition(), moved.offset())),
          bench.store.status(id).orElseThrow().place());
    }
  }

  @Test
  void aWorkerThatDiedBeforeItsCommitLeavesARecordThatIsWorkedOffWithoutASecondDrawing()
      throws Exception {
    // Given a job's record and that of its handover, both on the broker, and the note in the store
    RenderJob job = accepted(request(1, Optional.empty()));
    bench.produce(HOME, ADAPTER, record(job));
    long offset = bench.produce(ELSEWHERE, ADAPTER, record(job), hops(1));
    bench.store.moved(job.id(), new RecordVersion(1, 1), new QueuePlace(LANE, ELSEWHERE, offset));
    PaintingEngine engine = PaintingEngine.eager();
    // When
    bench.start("w1", engine);
    // Then
    bench.awaitState(job.id(), JobState.DONE);
    Eventually.until("both records are worked off", bench::allCommitted);
    assertEquals(1, Collections.frequency(engine.begun(), job.id()));
    assertEquals(1, doneEvents(job.id()));
    assertEquals(1, bench.store.status(job.id()).orElseThrow().attempt());
  }

  @Test
  void aWorkerThatDiedBeforeItsNoteLeavesTwoRecordsThatBringOneResult() throws Exception {
    // Given both records and no note; two workers take them at once, and draw slowly
    RenderJob job = accepted(request(1, Optional.empty()));
    PaintingEngine one = PaintingEngine.slow(Duration.ofMillis(15));
    PaintingEngine two = PaintingEngine.slow(Duration.ofMillis(15));
    Worker first = bench.start("w1", one);
    Worker second = bench.start("w2", two);
    Eventually.until(
        "both own partitions",
        () -> !first.partitions().isEmpty() && !second.partitions().isEmpty());
    Worker owner = first.partitions().contains(HOME) ? first : second;
    Worker other = owner == first ? second : first;
    int elsewhere = other.partitions().getFirst();
    // When
    bench.produce(elsewhere, ADAPTER, record(job), hops(1));
    bench.produce(HOME, ADAPTER, record(job));
    // Then
    bench.awaitState(job.id(), JobState.DONE);
    Eventually.until("both records are worked off", bench::allCommitted);
    assertEquals(1, doneEvents(job.id()));
    JobStatus status = bench.store.status(job.id()).orElseThrow();
    assertTrue(status.attempt() <= 2, () -> "attempt " + status.attempt());
  }

  @Test
  void aJobThatWasHandedOverIsCancelledExpiredAndBuriedAsAnyOther() throws Exception {
    // Given one that is cancelled, one whose time has passed, one that fails at every attempt
    RenderJob cancelled = accepted(request(1, Optional.empty()));
    bench.store.cancel(cancelled.id(), "tester");
    var passed = new Deadline(Optional.of(Instant.now().minusSeconds(1)), Optional.empty());
    RenderJob late = accepted(request(2, Optional.of(passed)));
    RenderJob unlucky = accepted(request(13, Optional.empty()));
    PaintingEngine engine =
        new PaintingEngine(
            (job, step) -> {
              if (job.sampling().seed() == 13) {
                throw new IllegalStateException("no luck with this seed");
              }
            });
    bench.start("w1", engine);
    // When
    bench.produce(ELSEWHERE, ADAPTER, record(cancelled), hops(1));
    bench.produce(ELSEWHERE, ADAPTER, record(late), hops(2));
    bench.produce(ELSEWHERE, ADAPTER, record(unlucky), hops(2));
    // Then
    bench.awaitState(late.id(), JobState.EXPIRED);
    bench.awaitState(unlucky.id(), JobState.FAILED);
    assertEquals(JobState.CANCELLED, bench.store.status(cancelled.id()).orElseThrow().state());
    assertEquals(3, Collections.frequency(engine.begun(), unlucky.id()));
    assertEquals(3, engine.begun().size());
    Eventually.until("a letter", () -> !bench.deadLetters(unlucky.id()).isEmpty());
    JsonNode letter = bench.deadLetters(unlucky.id()).getFirst();
    assertEquals(ErrorCode.RENDER_FAILED.name(), letter.get("code").textValue());
    assertEquals(ELSEWHERE, letter.get("origin").get("partition").intValue());
    assertTrue(
        bench.records(Lane.INTERACTIVE, unlucky.id()).stream()
            .allMatch(record -> header(record, Topics.HEADER_HOPS).equals("2")),
        "a try forgot its hops");
  }

  private RenderJob accepted(JobRequest request) {
    RenderJob job = Bench.resolve("t-" + UUID.randomUUID(), request);
    bench.store.accept(NewJob.of(job, "tester"));
    bench.store.queued(job.id(), new QueuePlace(LANE, 0, 0));
    return job;
  }

  private static JobRequest request(long seed, Optional<Deadline> until) {
    return Bench.request(ADAPTER, seed, 20, until);
  }

  private static byte[] record(RenderJob job) {
    return NewJob.of(job, "tester").record().bytes();
  }

  private static Map<String, String> hops(int number) {
    return Map.of(Topics.HEADER_HOPS, Integer.toString(number));
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  private long doneEvents(String id) {
    return bench.results.events(id, "").stream()
        .map(JobEvent::state)
        .filter(state -> state == JobState.DONE)
        .count();
  }
}

package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.LaneAssignor;
import dev.polyptych.engine.Eventually;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.worker.intake.ConsumerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What joining and leaving move, and for how long partitions have no owner. */
class RebalanceIT {
  private static final Logger LOG = LoggerFactory.getLogger(RebalanceIT.class);
  private static final CountDownLatch NEVER = new CountDownLatch(1);
  private static final int LANES = Topics.lanes("tiny").size();

  /** The lanes' own where the broker has it; a container has Kafka's alone, which move more. */
  private static final boolean STICKY = !Backends.containers();

  private static final String ASSIGNOR = STICKY ? LaneAssignor.NAME : "range";

  @AutoClose private final Bench bench = Bench.shared();

  @Test
  void joiningHalvesWhatOneOwnsAndEveryJobIsDrawnOnceThroughJoiningAndLeaving() throws Exception {
    // Given a worker that owns all partitions, and jobs on all of them
    Worker first = bench.beginAssignedBy(ASSIGNOR, "w1", PaintingEngine::eager);
    Owners owners = new Owners(List.of(first));
    owners.until("all are owned", Bench.PARTITIONS);
    List<RenderJob> jobs = new ArrayList<>(jobs(0));
    // When a second joins, then a third of them, which leaves again
    Worker second = bench.beginAssignedBy(ASSIGNOR, "w2", PaintingEngine::eager);
    owners.await("w2 joins", List.of(first, second), List.of(2, 2));
    final double movedBySecond = revoked(first);
    jobs.addAll(jobs(1));
    Worker third = bench.beginAssignedBy(ASSIGNOR, "w3", PaintingEngine::eager);
    owners.await("w3 joins", List.of(first, second, third), List.of(2, 1, 1));
    final double movedByThird = revoked(first) + revoked(second) - movedBySecond;
    jobs.addAll(jobs(2));
    Map<Integer, Worker> before = owners.now();
    Thread leaving = Thread.ofVirtual().start(third::close);
    owners.await("w3 leaves", List.of(first, second), List.of(2, 2));
    leaving.join();
    // Then
    jobs.addAll(jobs(3));
    for (RenderJob job : jobs) {
      bench.awaitState(job.id(), JobState.DONE);
      assertEquals(
          1,
          bench.results.events(job.id(), "").stream()
              .map(JobEvent::state)
              .filter(state -> state == JobState.DONE)
              .count());
    }
    assertEquals(2 * LANES, movedBySecond);
    if (STICKY) {
      assertEquals(LANES, movedByThird);
    }
    long movedByLeaving =
        owners.now().entrySet().stream()
            .filter(owner -> before.get(owner.getKey()) != owner.getValue())
            .count();
    if (STICKY) {
      assertEquals(1, movedByLeaving);
    }
    LOG.info(
        "partitions moved: {} by w2's joining (2 needed), {} by w3's (1 needed), {} by its leaving"
            + " ({} needed)",
        movedBySecond / LANES,
        movedByThird / LANES,
        movedByLeaving,
        before.values().stream().filter(owner -> owner == third).count());
    assertTrue(Bench.metric(first, "polyptych_worker_revoke_seconds_count", "") >= 1);
    owners.report();
  }

  @Test
  void thePartitionsOfAMemberThatClosesAreTakenOverAndNoOthersMove() throws Exception {
    // Given a worker, and a member of its group that is none
    Worker worker = bench.start("w1", PaintingEngine.eager());
    Owners owners = new Owners(List.of(worker));
    Consumer<byte[], byte[]> member = ConsumerSettings.consumer(bench.connections(), "no-worker");
    member.subscribe(Topics.lanes("tiny"));
    Eventually.until(
        "it has half",
        () -> {
          member.poll(Duration.ofMillis(50));
          return member.assignment().size() == Bench.PARTITIONS / 2 * LANES
              && worker.partitions().size() == Bench.PARTITIONS / 2;
        });
    double before = revoked(worker);
    // When
    long begin = System.nanoTime();
    member.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.REMAIN_IN_GROUP));
    owners.until("taken over", Bench.PARTITIONS);
    // Then
    double took = (System.nanoTime() - begin) / 1e9;
    LOG.info("partitions of a closed member were without an owner for {} s", took);
    assertEquals(before, revoked(worker), "others were moved, too");
    for (RenderJob job : jobs(1)) {
      bench.awaitState(job.id(), JobState.DONE);
    }
  }

  private List<RenderJob> jobs(int round) throws Exception {
    List<RenderJob> jobs = new ArrayList<>();
    for (String task : List.of("film-storyboard", "couple-profile", "font-design")) {
      jobs.add(bench.submit(task, round, 2));
    }
    return jobs;
  }

  private static double revoked(Worker worker) {
    return Bench.metric(worker, "polyptych_worker_partitions_revoked_total", "");
  }

  /** Watches who owns what, and for how long nobody owned a partition. */
  private static final class Owners {
    private List<Worker> workers;
    private final Map<String, Double> longestGaps = new HashMap<>();

    Owners(List<Worker> workers) {
      this.workers = workers;
    }

    Map<Integer, Worker> now() {
      Map<Integer, Worker> owners = new HashMap<>();
      workers.forEach(worker -> worker.partitions().forEach(k -> owners.put(k, worker)));
      return owners;
    }

    void until(String what, int owned) throws InterruptedException {
      watch(what, () -> now().size() == owned);
    }

    void await(String what, List<Worker> members, List<Integer> shares)
        throws InterruptedException {
      workers = members;
      watch(
          what,
          () ->
              members.stream()
                  .map(worker -> worker.partitions().size())
                  .sorted((one, other) -> other - one)
                  .toList()
                  .equals(shares));
    }

    private void watch(String what, BooleanSupplier done) throws InterruptedException {
      Map<Integer, Long> lastOwned = new HashMap<>();
      long begin = System.nanoTime();
      while (!done.getAsBoolean()) {
        long now = System.nanoTime();
        assertTrue(now - begin < 30_000_000_000L, () -> "still not after 30 s: " + what);
        now().keySet().forEach(partition -> lastOwned.put(partition, now));
        for (int partition = 0; partition < Bench.PARTITIONS; partition++) {
          double gap = (now - lastOwned.getOrDefault(partition, begin)) / 1e9;
          longestGaps.merge(what, gap, Math::max);
        }
        assertTrue(!NEVER.await(5, TimeUnit.MILLISECONDS));
      }
    }

    void report() {
      longestGaps.forEach(
          (what, gap) -> LOG.info("{}: a partition was without an owner for {} s", what, gap));
    }
  }
}

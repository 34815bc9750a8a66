package dev.polyptych.worker.intake;

import dev.polyptych.worker.metrics.IntakeMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gains and gives up partitions. Called by the consumer on the intake thread, within poll. */
final class Assignments implements ConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(Assignments.class);

  /** A recalled job is given up at its next step. One call to the store hands it back. */
  private static final Duration HAND_BACK_WAIT = Duration.ofSeconds(2);

  private final OffsetLedger ledger;
  private final Backlog backlog;
  private final Commits commits;
  private final Pausing pausing;
  private final Duration revokeWait;
  private final IntakeMetrics metrics;

  /** Whether all partitions are given up at once. Intake thread only. */
  private boolean givingUp;

  /**
   * @param revokeWait how long a running job may go on
   */
  Assignments(
      OffsetLedger ledger,
      Backlog backlog,
      Commits commits,
      Pausing pausing,
      Duration revokeWait,
      IntakeMetrics metrics) {
    this.ledger = ledger;
    this.backlog = backlog;
    this.commits = commits;
    this.pausing = pausing;
    this.revokeWait = revokeWait;
    this.metrics = metrics;
  }

  /** Whether partitions revoked from now on are given up without waiting for the running job. */
  void givingUp(boolean now) {
    givingUp = now;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    LOG.info("assigned partitions {}", numbers(assigned));
    ledger.open(assigned);
    commits.assigned(assigned);
    // A partition starts unpaused. Without this its records would come even if there is no room.
    pausing.apply();
  }

  /**
   * The running job may end within a bound, because its new owner would start again. The group
   * waits for this. The bound is much shorter than the rebalance timeout.
   */
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    LOG.info("revoked partitions {}", numbers(revoked));
    long begin = System.nanoTime();
    metrics.revoked(revoked.size());
    Predicate<RecordPosition> ofRevoked = of(revoked);
    backlog.withdraw(ofRevoked).forEach(ledger::drop);
    try {
      if (givingUp) {
        backlog.recall(ofRevoked);
      } else if (!ledger.awaitQuiet(revoked, revokeWait)) {
        backlog.recall(ofRevoked);
        if (!ledger.awaitQuiet(revoked, HAND_BACK_WAIT)) {
          LOG.warn(
              "gave up {} while a job runs; the next claim of the job fences this attempt off",
              revoked);
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    commits.commitNow(revoked);
    ledger.close(revoked);
    metrics.gaveUp(System.nanoTime() - begin);
  }

  /**
   * Another worker may own them already, so nothing can be committed. A running job goes on. If no
   * other worker claims it before it is finished, its images count.
   */
  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    LOG.warn("lost partitions {}", numbers(lost));
    metrics.revoked(lost.size());
    backlog.withdraw(of(lost)).forEach(ledger::drop);
    ledger.close(lost);
  }

  /** Both lanes' partitions of a number are assigned together, so the numbers are enough. */
  private static SortedSet<Integer> numbers(Collection<TopicPartition> partitions) {
    return partitions.stream()
        .map(TopicPartition::partition)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Predicate<RecordPosition> of(Collection<TopicPartition> partitions) {
    Set<TopicPartition> set = new HashSet<>(partitions);
    return position -> set.contains(position.partition());
  }
}

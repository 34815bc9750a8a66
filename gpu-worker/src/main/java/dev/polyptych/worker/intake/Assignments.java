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

  /** A recalled job is given up at its next step and handed back with one call to the store. */
  private static final Duration HAND_BACK_WAIT = Duration.ofSeconds(2);

  private final OffsetLedger ledger;
  private final Backlog backlog;
  private final Commits commits;
  private final FirstCommits firstCommits;
  private final Pausing pausing;
  private final Settings settings;

  /**
   * @param revokeWait how long a running job may go on
   */
  record Settings(Duration revokeWait, FirstCommits firstCommits, IntakeMetrics metrics) {}

  Assignments(
      OffsetLedger ledger, Backlog backlog, Commits commits, Pausing pausing, Settings settings) {
    this.ledger = ledger;
    this.backlog = backlog;
    this.commits = commits;
    this.firstCommits = settings.firstCommits();
    this.pausing = pausing;
    this.settings = settings;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    LOG.info("assigned partitions {}", numbers(assigned));
    ledger.open(assigned);
    firstCommits.assigned(assigned);
    // A partition starts unpaused; without this its records come however full we are.
    pausing.apply();
  }

  /**
   * The running job may come to its end within a bound, since its new owner would begin anew. The
   * group waits for this; the bound lies well within its rebalance timeout.
   */
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    LOG.info("revoked partitions {}", numbers(revoked));
    long begin = System.nanoTime();
    settings.metrics().revoked(revoked.size());
    Predicate<RecordPosition> ours = of(revoked);
    backlog.withdraw(ours).forEach(ledger::drop);
    try {
      if (!ledger.awaitQuiet(revoked, settings.revokeWait())) {
        backlog.recall(ours);
        if (!ledger.awaitQuiet(revoked, HAND_BACK_WAIT)) {
          LOG.warn("gave up {} with a job in hand; whoever claims it next fences us off", revoked);
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    commits.commitNow(revoked);
    ledger.close(revoked);
    settings.metrics().gaveUp(System.nanoTime() - begin);
  }

  /**
   * Somebody else may own them already, so nothing can be committed. A running job goes on: if
   * nobody claims it before it is finished, its images count.
   */
  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    LOG.warn("lost partitions {}", numbers(lost));
    settings.metrics().revoked(lost.size());
    backlog.withdraw(of(lost)).forEach(ledger::drop);
    ledger.close(lost);
  }

  /** Both lanes' partitions of a number go together, so the numbers tell all. */
  private static SortedSet<Integer> numbers(Collection<TopicPartition> partitions) {
    return partitions.stream()
        .map(TopicPartition::partition)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Predicate<RecordPosition> of(Collection<TopicPartition> partitions) {
    Set<TopicPartition> set = new HashSet<>(partitions);
    return place -> set.contains(place.partition());
  }
}

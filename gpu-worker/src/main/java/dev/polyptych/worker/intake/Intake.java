package dev.polyptych.worker.intake;

import dev.polyptych.schema.topic.Topics;
import dev.polyptych.worker.metrics.IntakeMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records while there is room and commits what is finished. Runs on a thread of its own that
 * owns the consumer and never works: it always polls, since the poll is what keeps the group
 * membership alive.
 */
public final class Intake implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  /** How late a finished job is committed or a freed place is filled, at most. */
  private static final Duration POLL = Duration.ofMillis(100);

  /** After an error that the client calls passing. */
  private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

  private final Consumer<byte[], byte[]> consumer;
  private final OffsetLedger ledger;
  private final Destinations destinations;
  private final IntakeMetrics metrics;
  private final Pausing pausing;
  private final Commits commits;
  private final FirstCommits firstCommits;
  private final Assignments assignments;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CompletableFuture<Void> joinedOnce = new CompletableFuture<>();
  private volatile boolean joined;
  private volatile List<Integer> partitions = List.of();

  /** Where records go: read, then to one of the two. */
  public record Destinations(RecordReader reader, Backlog backlog, DeadLetters deadLetters) {}

  /**
   * @param capacity records of each lane in flight
   * @param revokeWait how long a running job may go on after its partition was taken away
   */
  public record Limits(int capacity, Duration revokeWait) {}

  public Intake(
      Consumer<byte[], byte[]> consumer,
      OffsetLedger ledger,
      Destinations destinations,
      Limits limits,
      IntakeMetrics metrics) {
    this.consumer = consumer;
    this.ledger = ledger;
    this.destinations = destinations;
    this.metrics = metrics;
    this.pausing =
        new Pausing(consumer, ledger, destinations.backlog(), limits.capacity(), metrics);
    this.commits = new Commits(consumer, ledger, metrics);
    this.firstCommits = new FirstCommits(consumer);
    this.assignments =
        new Assignments(
            ledger,
            destinations.backlog(),
            commits,
            pausing,
            new Assignments.Settings(limits.revokeWait(), firstCommits, metrics));
  }

  /** Whether the group has let us in, with partitions or without. Any thread. */
  public boolean joined() {
    return joined;
  }

  /** Completes when the group lets us in for the first time. */
  public CompletableFuture<Void> joinedOnce() {
    return joinedOnce;
  }

  /** The partitions held of each lane. Any thread. */
  public List<Integer> partitions() {
    return partitions;
  }

  /** Takes nothing more, but goes on polling and committing. Any thread. */
  public void stopTaking() {
    pausing.close();
  }

  /** Ends {@link #run}. Any thread. */
  public void stop() {
    stopTaking();
    stopped.countDown();
  }

  /**
   * @throws RuntimeException for a bug; then nothing more is committed, and others get the records
   */
  @Override
  public void run() {
    try {
      consumer.subscribe(Topics.lanes(), assignments);
      while (stopped.getCount() > 0) {
        turn();
      }
      commits.commitNow(consumer.assignment());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      leave();
    }
  }

  private void turn() throws InterruptedException {
    pausing.apply();
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        accept(record);
      }
    } catch (RetriableException passing) {
      LOG.warn("polling goes on after {}", passing.toString());
      stopped.await(PAUSE_AFTER_ERROR.toMillis(), TimeUnit.MILLISECONDS);
    }
    firstCommits.apply();
    commits.commitSoon();
    joined = consumer.groupMetadata().generationId() > 0;
    if (joined) {
      joinedOnce.complete(null);
    }
    partitions = partitionsOf(consumer.assignment());
  }

  private void accept(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    Optional<RecordPosition> place = ledger.take(partition, record.offset());
    if (place.isEmpty()) {
      LOG.warn("ignored a record of {}, which is not ours", partition);
      return;
    }
    metrics.taken(LaneTopics.laneOf(record.topic()));
    switch (destinations.reader().read(record, place.get())) {
      case Reading.Job(Delivery delivery) -> destinations.backlog().add(delivery);
      case Reading.Refusal(RecordPosition at, var letter) -> {
        LOG.atWarn()
            .addKeyValue("job", letter.job().orElse("none"))
            .addKeyValue("code", letter.code())
            .log("refused the record at {}: {}", at, letter.detail());
        destinations.deadLetters().bury(at, letter);
      }
    }
  }

  /** Everything that may be committed is; the ledger is closed first so that nothing is awaited. */
  private void leave() {
    joined = false;
    partitions = List.of();
    Set<TopicPartition> held = consumer.assignment();
    ledger.close(held);
    try {
      consumer.close(
          CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
              .withTimeout(CLOSE_TIMEOUT));
    } catch (KafkaException away) {
      LOG.warn("the group was left without a word: {}", away.toString());
    }
  }

  /** Both lanes are assigned alike, so one of them tells. */
  private static List<Integer> partitionsOf(Set<TopicPartition> assignment) {
    return assignment.stream().map(TopicPartition::partition).distinct().sorted().toList();
  }
}

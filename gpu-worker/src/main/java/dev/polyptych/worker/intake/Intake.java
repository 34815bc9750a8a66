package dev.polyptych.worker.intake;

import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.worker.intake.RecordReader.RecordReading;
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
 * Takes records while there is room and commits what is finished. Its thread owns the consumer and
 * does no other work. It always polls, because polling keeps the worker in the group.
 */
public final class Intake implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  /** A finished job is committed, and a free place filled, at most this much later. */
  private static final Duration POLL = Duration.ofMillis(100);

  /** After an error that the client calls retriable. */
  private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

  private final Consumer<byte[], byte[]> consumer;
  private final List<String> lanes;
  private final OffsetLedger ledger;
  private final RecordReader reader;
  private final Backlog backlog;
  private final java.util.function.Consumer<Refused> refused;
  private final IntakeMetrics metrics;
  private final Pausing pausing;
  private final Commits commits;
  private final Assignments assignments;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CompletableFuture<Void> joinedOnce = new CompletableFuture<>();
  private volatile boolean joined;
  private volatile boolean resting;
  private volatile List<Integer> partitions = List.of();

  /**
   * @param capacity records of each lane in flight
   * @param revokeWait how long a running job may go on after its partition was taken away
   */
  public record Limits(int capacity, Duration revokeWait) {}

  /**
   * @param lanes topics to read, all with the same number of partitions
   * @param refused gets the dead letter of a record that can't be rendered; finishes the record
   *     once the letter is written. Called by the intake thread; must not block it
   */
  public Intake(
      Consumer<byte[], byte[]> consumer,
      List<String> lanes,
      OffsetLedger ledger,
      RecordReader reader,
      Backlog backlog,
      java.util.function.Consumer<Refused> refused,
      Limits limits,
      IntakeMetrics metrics) {
    this.consumer = consumer;
    this.lanes = lanes;
    this.ledger = ledger;
    this.reader = reader;
    this.backlog = backlog;
    this.refused = refused;
    this.metrics = metrics;
    this.pausing = new Pausing(consumer, lanes, ledger, backlog, limits.capacity(), metrics);
    this.commits = new Commits(consumer, ledger, metrics);
    this.assignments =
        new Assignments(ledger, backlog, commits, pausing, limits.revokeWait(), metrics);
  }

  /** Whether the worker is a member of the group, with partitions or without. Any thread. */
  public boolean joined() {
    return joined;
  }

  /** Completes when the worker becomes a member of the group for the first time. */
  public CompletableFuture<Void> joinedOnce() {
    return joinedOnce;
  }

  /** The partitions held of each lane. Any thread. */
  public List<Integer> partitions() {
    return partitions;
  }

  /**
   * Gives all partitions back and stays out of the group until {@link #joinAgain}. Jobs that have
   * not begun go to other workers, and the running one is recalled. Any thread.
   */
  public void rest() {
    resting = true;
    joined = false;
  }

  /** Ends {@link #rest}. Any thread. */
  public void joinAgain() {
    resting = false;
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
   * @throws RuntimeException for a bug; then nothing more is committed, and other workers get the
   *     records
   */
  @Override
  public void run() {
    try {
      while (stopped.getCount() > 0) {
        if (resting) {
          restedTurn();
        } else {
          if (consumer.subscription().isEmpty()) {
            consumer.subscribe(lanes, assignments);
          }
          turn();
        }
      }
      commits.commitNow(consumer.assignment());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      leave();
    }
  }

  private void restedTurn() throws InterruptedException {
    if (!consumer.subscription().isEmpty()) {
      assignments.givingUp(true);
      consumer.unsubscribe();
      assignments.givingUp(false);
      partitions = List.of();
    }
    stopped.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void turn() throws InterruptedException {
    pausing.apply();
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        accept(record);
      }
    } catch (RetriableException retriable) {
      LOG.warn("polling goes on after {}", retriable.toString());
      stopped.await(PAUSE_AFTER_ERROR.toMillis(), TimeUnit.MILLISECONDS);
    }
    commits.commitMissing();
    commits.commitSoon();
    joined = !resting && consumer.groupMetadata().generationId() > 0;
    if (joined) {
      joinedOnce.complete(null);
    }
    partitions = partitionsOf(consumer.assignment());
  }

  private void accept(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    Optional<RecordPosition> position = ledger.take(partition, record.offset());
    if (position.isEmpty()) {
      LOG.warn("ignored a record of {}: the partition is not assigned to this worker", partition);
      return;
    }
    metrics.taken(Delivery.laneOf(record.topic()));
    switch (reader.read(record, position.get())) {
      case RecordReading.Job(Delivery delivery) -> backlog.add(delivery);
      case RecordReading.Unable(Stray stray) -> {
        LOG.atWarn()
            .addKeyValue("job", stray.id())
            .addKeyValue("code", stray.reason().code())
            .log("can't draw it, so another worker gets it: {}", stray.reason().detail());
        backlog.strand(stray);
      }
      case RecordReading.Refusal(Refused refusal) -> {
        DeadLetter letter = refusal.letter();
        LOG.atWarn()
            .addKeyValue("job", letter.job().orElse("none"))
            .addKeyValue("code", letter.code())
            .log("refused the record at {}: {}", refusal.position(), letter.detail());
        refused.accept(refusal);
      }
    }
  }

  /** Commits nothing more. The ledger is closed first, so that closing waits for no job. */
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
      LOG.warn("the consumer closed without sending LeaveGroup: {}", away.toString());
    }
  }

  /** Both lanes have the same numbers. */
  private static List<Integer> partitionsOf(Set<TopicPartition> assignment) {
    return assignment.stream().map(TopicPartition::partition).distinct().sorted().toList();
  }
}

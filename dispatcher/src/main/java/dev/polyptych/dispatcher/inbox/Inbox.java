package dev.polyptych.dispatcher.inbox;

import dev.polyptych.schema.topic.Topics;
import dev.polyptych.store.PeriodicTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the inbox, with the other dispatchers, on its own virtual thread. A record is committed
 * once its job is on a lane or ended. While broker or store is away, nothing is taken.
 */
public final class Inbox implements PeriodicTask.Round, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(800);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Forwarding forwarding;
  private final BooleanSupplier ready;
  private final PeriodicTask task = new PeriodicTask("inbox", Duration.ZERO, this);

  /** Made once broker and store answer. */
  private Consumer<byte[], byte[]> consumer;

  /**
   * @param consumers makes the one that reads the inbox
   * @param ready whether broker and store answer
   */
  public Inbox(
      Supplier<Consumer<byte[], byte[]>> consumers, Forwarding forwarding, BooleanSupplier ready) {
    this.consumers = consumers;
    this.forwarding = forwarding;
    this.ready = ready;
  }

  public void start() {
    task.start();
  }

  @Override
  public void close() {
    task.close();
  }

  @Override
  public Duration run() throws InterruptedException {
    if (!ready.getAsBoolean()) {
      // Without a poll the others get its partitions after a while. They can't do more.
      return PAUSE;
    }
    try {
      if (consumer == null) {
        consumer = consumers.get();
        consumer.subscribe(Topics.inbox());
      }
      return passOn(consumer.poll(POLL)) ? Duration.ZERO : PAUSE;
    } catch (InterruptException closing) {
      throw new InterruptedException(closing.getMessage());
    } catch (KafkaException away) {
      // Records that were not committed are delivered again.
      LOG.warn("the inbox is read on after {}", away.toString());
      return PAUSE;
    } catch (RuntimeException bug) {
      LOG.error("the inbox is read on after an unexpected error", bug);
      return PAUSE;
    }
  }

  @Override
  public void ended() {
    if (consumer == null) {
      return;
    }
    try {
      consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    } catch (KafkaException away) {
      LOG.debug("the inbox's consumer closed without leaving its group: {}", away.toString());
    }
  }

  /** Whether all jobs are on their way. The others come again. */
  private boolean passOn(ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
    List<Callable<Boolean>> calls = new ArrayList<>();
    List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      taken.add(record);
      calls.add(() -> forwarding.forward(record));
    }
    Map<TopicPartition, Long> next = new HashMap<>();
    Map<TopicPartition, Long> again = new HashMap<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> done = threads.invokeAll(calls);
      for (int i = 0; i < done.size(); i++) {
        ConsumerRecord<byte[], byte[]> record = taken.get(i);
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (again.containsKey(partition) || !forwarded(done.get(i), record)) {
          again.putIfAbsent(partition, record.offset());
        } else {
          next.put(partition, record.offset() + 1);
        }
      }
    }
    again.forEach(consumer::seek);
    Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
    next.forEach((partition, offset) -> commits.put(partition, new OffsetAndMetadata(offset)));
    if (!commits.isEmpty()) {
      consumer.commitSync(commits);
    }
    return again.isEmpty();
  }

  private static boolean forwarded(Future<Boolean> call, ConsumerRecord<byte[], byte[]> record) {
    if (call.state() == Future.State.SUCCESS) {
      return call.resultNow();
    }
    LOG.error(
        "the record at {}-{}@{} is tried again",
        record.topic(),
        record.partition(),
        record.offset(),
        call.exceptionNow());
    return false;
  }
}

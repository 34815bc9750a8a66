package dev.polyptych.worker.publish;

import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.RecordPosition;
import dev.polyptych.worker.metrics.PublishMetrics;
import dev.polyptych.worker.trace.JobLog;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes dead letters. Blocks: virtual threads only. A letter may be written twice when the process
 * dies between the letter and the commit, never not at all; its key is the job's id.
 */
final class DeadLetterWriter {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterWriter.class);

  private final RecordProducer producer;
  private final RetryUntilStopped perseverance;
  private final RecordAcknowledger settlements;
  private final PublishMetrics metrics;
  private final Clock clock;

  DeadLetterWriter(
      RecordProducer producer,
      RetryUntilStopped perseverance,
      RecordAcknowledger settlements,
      PublishMetrics metrics,
      Clock clock) {
    this.producer = producer;
    this.perseverance = perseverance;
    this.settlements = settlements;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Writes the letter of a record that is no job, and settles the record. */
  void bury(RecordPosition place, DeadLetter letter) {
    if (write(letter)) {
      settlements.finished(place);
    } else {
      settlements.dropped(place);
    }
  }

  /** Writes the letter of a job that failed for good; false when the worker stopped before. */
  boolean write(Delivery delivery, JobError error, int attempts) {
    byte[] value = delivery.record().bytes();
    return write(
        new DeadLetter(
            DeadLetter.VERSION,
            Optional.of(delivery.id()),
            error.code(),
            error.detail(),
            attempts,
            delivery.place().origin(),
            clock.instant(),
            Arrays.copyOf(value, Math.min(value.length, DeadLetter.MAX_VALUE_BYTES))));
  }

  private boolean write(DeadLetter letter) {
    boolean written = perseverance.run("a dead letter", () -> producer.dead(letter));
    if (written) {
      metrics.buried(letter.code());
      JobLog.about(LOG.atInfo(), letter.job().orElse("none"))
          .addKeyValue("code", letter.code())
          .addKeyValue("attempt", letter.attempts())
          .log("dead letter: {}", letter.detail());
    }
    return written;
  }
}

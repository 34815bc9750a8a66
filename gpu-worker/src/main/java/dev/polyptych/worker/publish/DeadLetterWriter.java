package dev.polyptych.worker.publish;

import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.RenderRecord;
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
 * Writes dead letters. Blocks: virtual threads only. If the process dies between the letter and the
 * commit, the letter is written twice, never lost. Its key is the job's id.
 */
final class DeadLetterWriter {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterWriter.class);

  private final RecordProducer producer;
  private final RetryUntilStopped retry;
  private final PublishMetrics metrics;
  private final Clock clock;

  DeadLetterWriter(
      RecordProducer producer, RetryUntilStopped retry, PublishMetrics metrics, Clock clock) {
    this.producer = producer;
    this.retry = retry;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Writes the letter of a job that failed for good; false when the worker stopped before. */
  boolean write(Delivery delivery, JobError error, int attempts) {
    return write(delivery.record(), delivery.position(), error, attempts);
  }

  /** Writes the letter of a job's record; false when the worker stopped before. */
  boolean write(RenderRecord record, RecordPosition position, JobError error, int attempts) {
    byte[] value = record.bytes();
    return write(
        new DeadLetter(
            Optional.of(record.id()),
            error.code(),
            error.detail(),
            attempts,
            position.origin(),
            clock.instant(),
            Arrays.copyOf(value, Math.min(value.length, DeadLetter.MAX_VALUE_BYTES))));
  }

  /** False when the worker stopped before the letter was written. */
  boolean write(DeadLetter letter) {
    boolean written = retry.run("a dead letter", () -> producer.dead(letter));
    if (written) {
      metrics.deadLetter(letter.reason());
      JobLog.about(LOG.atInfo(), letter.job().orElse("none"))
          .addKeyValue("code", letter.reason())
          .addKeyValue("attempt", letter.attempts())
          .log("dead letter: {}", letter.detail());
    }
    return written;
  }
}

package dev.polyptych.worker.publish;

import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.store.Checkpoint;
import dev.polyptych.worker.intake.Delivery;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Where the render thread leaves a job, whatever became of it. Returns at once, unless the hand-off
 * is full.
 */
public final class AttemptOutcomes {
  private final PublishExecutor handOff;
  private final FinishedSets sets;
  private final FailedAttempts failures;
  private final RecordAcknowledger settlements;

  AttemptOutcomes(
      PublishExecutor handOff,
      FinishedSets sets,
      FailedAttempts failures,
      RecordAcknowledger settlements) {
    this.handOff = handOff;
    this.sets = sets;
    this.failures = failures;
    this.settlements = settlements;
  }

  public void drawn(Delivery delivery, int attempt, DrawnSheet sheet) {
    submit(delivery, () -> sets.publish(delivery, attempt, sheet));
  }

  public void broken(Delivery delivery, int attempt, JobError error) {
    settle(delivery, () -> failures.broken(delivery, attempt, error));
  }

  /** Cancelled, or another worker's: nothing of it is ours any more. */
  public void superseded(Delivery delivery) {
    settlements.finished(delivery.place());
  }

  /** Handed back; its record stays uncommitted, so that it is delivered to the next owner. */
  public void recalled(Delivery delivery, int attempt, Optional<Checkpoint> checkpoint) {
    submit(
        delivery,
        () -> {
          failures.recalled(delivery, attempt, checkpoint);
          settlements.dropped(delivery.place());
        });
  }

  public void settledBefore(Delivery delivery, JobState state) {
    settle(delivery, () -> failures.settledBefore(delivery, state));
  }

  public void unknown(Delivery delivery) {
    settle(delivery, () -> failures.unknown(delivery));
  }

  private void settle(Delivery delivery, BooleanSupplier dealtWith) {
    submit(
        delivery,
        () -> {
          if (dealtWith.getAsBoolean()) {
            settlements.finished(delivery.place());
          } else {
            settlements.dropped(delivery.place());
          }
        });
  }

  private void submit(Delivery delivery, Runnable task) {
    if (!handOff.submit(task)) {
      settlements.dropped(delivery.place());
    }
  }
}

package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.dispatcher.admission.AdmittedJob;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.topic.TraceParent;
import dev.polyptych.store.IdempotencyKey;
import java.util.Optional;

/**
 * The one door for submissions, with or without an idempotency key. Blocks; safe for any number of
 * threads.
 */
public final class Intake {
  private final JobSubmission queue;
  private final IdempotentQueue keyed;

  public Intake(JobSubmission queue, IdempotentQueue keyed) {
    this.queue = queue;
    this.keyed = keyed;
  }

  /** Returns within some seconds whatever broker and store do. */
  public Submission take(
      AdmittedJob admitted, Optional<IdempotencyKey> key, Tenant tenant, TraceParent trace)
      throws InterruptedException {
    return key.isPresent()
        ? keyed.submit(admitted, key.get(), tenant, trace)
        : queue.submit(admitted, tenant, trace);
  }
}

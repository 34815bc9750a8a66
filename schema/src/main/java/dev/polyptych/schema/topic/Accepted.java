package dev.polyptych.schema.topic;

import java.util.Optional;

/**
 * What a dispatcher knows of a job beside its request. A record holds it, so that the job's state
 * can be made anew after Redis has lost it. A backend leaves it out.
 *
 * @param batch id of the batch that the job was submitted with
 * @param idempotencyKey as the caller wrote it
 * @param requestDigest SHA-256 of the submitted body, present with a key
 * @param gpuSeconds estimated time of the job on a GPU
 */
public record Accepted(
    Optional<String> batch,
    Optional<String> idempotencyKey,
    Optional<String> requestDigest,
    Optional<Double> gpuSeconds) {
  /** Of a record that says nothing of it. */
  public static final Accepted UNKNOWN =
      new Accepted(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public Accepted {
    batch = batch == null ? Optional.empty() : batch;
    idempotencyKey = idempotencyKey == null ? Optional.empty() : idempotencyKey;
    requestDigest = requestDigest == null ? Optional.empty() : requestDigest;
    gpuSeconds = gpuSeconds == null ? Optional.empty() : gpuSeconds;
  }
}

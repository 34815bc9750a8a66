package dev.polyptych.schema.topic;

import dev.polyptych.schema.job.Lane;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Names on Kafka. */
public final class Topics {
  /** Jobs that failed for good and records that are no jobs, as {@link DeadLetter}s. */
  public static final String DEAD = "polyptych.render.dead";

  /** The one consumer group of all workers. */
  public static final String WORKER_GROUP = "polyptych.gpu-workers";

  /** Record headers; the values are UTF-8 text. */
  public static final String HEADER_TRACEPARENT = "traceparent";

  public static final String HEADER_ATTEMPT = "attempt";

  /** Milliseconds since 1970 before which the job is not to be rendered; absent for at once. */
  public static final String HEADER_NOT_BEFORE = "not-before";

  /** {@code 1}: a backend produced the job, so the worker that takes it writes its record. */
  public static final String HEADER_DIRECT = "direct";

  public static final String HEADER_TENANT = "tenant";

  /** How often a worker has handed the job over to another's partition; absent for never. */
  public static final String HEADER_HOPS = "hops";

  /** Maximum number of handovers of a job. */
  public static final int MAX_HOPS = 2;

  /** Id of the model that the job was accepted for; absent where a backend names none. */
  public static final String HEADER_BASE = "base";

  /** How often a worker passed the job on because it can't draw it; absent for never. */
  public static final String HEADER_PASSES = "passes";

  /** Maximum number of passes of a job. */
  public static final int MAX_PASSES = 4;

  /** How often a lost record of the job was replaced; absent for never. */
  public static final String HEADER_EDITION = "edition";

  private Topics() {}

  public static String of(Lane lane) {
    return "polyptych.render." + lane.text();
  }

  /** The lane of a topic; empty if the topic is no lane. */
  public static Optional<Lane> laneOf(String topic) {
    return Arrays.stream(Lane.values()).filter(lane -> of(lane).equals(topic)).findFirst();
  }

  /** The topics workers consume, co-partitioned. */
  public static List<String> lanes() {
    return Arrays.stream(Lane.values()).map(Topics::of).toList();
  }
}

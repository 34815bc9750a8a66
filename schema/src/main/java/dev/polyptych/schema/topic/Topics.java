package dev.polyptych.schema.topic;

import dev.polyptych.schema.job.Lane;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Names on Kafka. */
public final class Topics {
  private static final String PREFIX = "polyptych.render.";

  /** Jobs that failed for good and records that are no jobs, as {@link DeadLetter}s. */
  public static final String DEAD = PREFIX + "dead";

  /**
   * The group of the dispatchers on the {@link #inbox}. Workers of the version before are in it,
   * too.
   */
  public static final String INBOX_GROUP = "polyptych.gpu-workers";

  /** Record headers; the values are UTF-8 text. */
  public static final String HEADER_TRACEPARENT = "traceparent";

  public static final String HEADER_ATTEMPT = "attempt";

  /** Milliseconds since 1970 before which the job is not to be rendered; absent for at once. */
  public static final String HEADER_NOT_BEFORE = "not-before";

  /** {@code 1}: a backend produced the job to the inbox. */
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

  /** How often the job was produced anew, see {@code RecordVersion}; absent for never. */
  public static final String HEADER_EDITION = "edition";

  private Topics() {}

  /** The topic of a base's lane. */
  public static String of(String base, Lane lane) {
    return PREFIX + base + "." + lane.text();
  }

  /** The topics that the workers of a base consume, co-partitioned. */
  public static List<String> lanes(String base) {
    return Arrays.stream(Lane.values()).map(lane -> of(base, lane)).toList();
  }

  /** The consumer group of the workers of a base. */
  public static String group(String base) {
    return INBOX_GROUP + "." + base;
  }

  /** The topic on which backends put jobs of a lane themselves. Dispatchers read it. */
  public static String inbox(Lane lane) {
    return PREFIX + lane.text();
  }

  /** The topics on which backends put jobs themselves, co-partitioned. */
  public static List<String> inbox() {
    return Arrays.stream(Lane.values()).map(Topics::inbox).toList();
  }

  /** The group that reads a lane or an inbox; empty for another topic. */
  public static Optional<String> groupOf(String topic) {
    return laneOf(topic).map(lane -> baseOf(topic).map(Topics::group).orElse(INBOX_GROUP));
  }

  /** The lane of a topic that is a base's lane or an inbox; empty for another topic. */
  public static Optional<Lane> laneOf(String topic) {
    return Arrays.stream(Lane.values())
        .filter(
            lane ->
                topic.equals(inbox(lane))
                    || (topic.startsWith(PREFIX)
                        && topic.endsWith("." + lane.text())
                        && topic.length() > inbox(lane).length() + 1))
        .findFirst();
  }

  /** The base whose lane a topic is; empty for another topic. */
  public static Optional<String> baseOf(String topic) {
    return laneOf(topic)
        .filter(lane -> !topic.equals(inbox(lane)))
        .map(lane -> topic.substring(PREFIX.length(), topic.length() - lane.text().length() - 1));
  }
}

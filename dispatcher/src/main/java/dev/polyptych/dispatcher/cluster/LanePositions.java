package dev.polyptych.dispatcher.cluster;

import dev.polyptych.schema.job.Lane;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * How far the partitions of the lanes are written and settled, as offsets. A worker settles a
 * prefix, so a job that overtook another counts until that one is settled, too. Safe for all
 * threads.
 */
public final class LanePositions {
  /** Before anybody has looked: no partitions. */
  public static final LanePositions UNKNOWN = new LanePositions(Map.of(), Map.of());

  private final Map<Lane, long[]> settled = new EnumMap<>(Lane.class);
  private final Map<Lane, AtomicLongArray> ends = new EnumMap<>(Lane.class);

  /**
   * @param settled by partition: the offset before which everything is settled
   * @param ends by partition: the offset that the next record gets
   */
  public LanePositions(Map<Lane, long[]> settled, Map<Lane, long[]> ends) {
    settled.forEach((lane, offsets) -> this.settled.put(lane, offsets.clone()));
    ends.forEach((lane, offsets) -> this.ends.put(lane, new AtomicLongArray(offsets)));
  }

  /** How many partitions each lane has; 0 when that is not known. */
  public int partitions() {
    return settled.values().stream().mapToInt(offsets -> offsets.length).min().orElse(0);
  }

  /** A record was written; later than what was seen it moves the end. */
  public void written(Lane lane, int partition, long offset) {
    AtomicLongArray known = ends.get(lane);
    if (known != null && partition < known.length()) {
      known.accumulateAndGet(partition, offset + 1, Math::max);
    }
  }

  /** The offset before which everything of a partition is settled; 0 when that is not known. */
  public long settled(Lane lane, int partition) {
    return known(lane, partition) ? settled.get(lane)[partition] : 0;
  }

  /** Jobs of a partition that are not settled. */
  public long jobs(Lane lane, int partition) {
    return known(lane, partition)
        ? Math.max(0, ends.get(lane).get(partition) - settled.get(lane)[partition])
        : 0;
  }

  /** Jobs of a lane that are not settled. */
  public long jobs(Lane lane) {
    return IntStream.range(0, partitions()).mapToLong(partition -> jobs(lane, partition)).sum();
  }

  /** Jobs of a partition that stand before a record and are not settled. */
  public long before(Lane lane, int partition, long offset) {
    return known(lane, partition) ? Math.max(0, offset - settled.get(lane)[partition]) : 0;
  }

  private boolean known(Lane lane, int partition) {
    return settled.containsKey(lane) && partition < settled.get(lane).length;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    settled.forEach(
        (lane, from) ->
            text.append(lane.text())
                .append(' ')
                .append(Arrays.toString(from))
                .append(" to ")
                .append(ends.get(lane))
                .append(' '));
    return text.toString().strip();
  }
}

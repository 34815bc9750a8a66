package dev.polyptych.dispatcher.cluster;

import dev.polyptych.schema.job.Lane;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * Offsets up to which the lanes' partitions are written and settled. A worker settles a prefix: a
 * job that overtook another counts as open until the other job settles, too. Safe for all threads.
 */
public final class LanePositions {
  /** Before the first look: no partitions. */
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

  /** Partitions of each lane; 0 if unknown. */
  public int partitions() {
    return settled.values().stream().mapToInt(offsets -> offsets.length).min().orElse(0);
  }

  /** Reports a written record. It moves the end if the last look had not seen it. */
  public void written(Lane lane, int partition, long offset) {
    AtomicLongArray known = ends.get(lane);
    if (known != null && partition < known.length()) {
      known.accumulateAndGet(partition, offset + 1, Math::max);
    }
  }

  /** The offset before which a partition is settled; 0 if unknown. */
  public long settled(Lane lane, int partition) {
    return known(lane, partition) ? settled.get(lane)[partition] : 0;
  }

  /** Unsettled jobs of a partition. */
  public long jobs(Lane lane, int partition) {
    return known(lane, partition)
        ? Math.max(0, ends.get(lane).get(partition) - settled.get(lane)[partition])
        : 0;
  }

  /** Unsettled jobs of a lane. */
  public long jobs(Lane lane) {
    return IntStream.range(0, partitions()).mapToLong(partition -> jobs(lane, partition)).sum();
  }

  /** Unsettled jobs of a partition before a record. */
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

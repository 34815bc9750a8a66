package dev.polyptych.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.Eventually;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Autoscalers count what lies behind the group's offset, so each partition must have a true one.
 */
class FirstCommitsIT {
  @AutoClose private final Bench bench = Bench.shared();

  @Test
  void aPartitionThatNobodyHasWrittenToGetsItsFirstCommitFromTheWorkerThatOwnsIt()
      throws Exception {
    assertEquals(Map.of(), bench.committedOffsets());

    bench.start("w1", PaintingEngine.eager());

    untilNothingLags();
  }

  @Test
  void anOffsetWhoseRecordsTheBrokerHasDeletedIsNoBacklog() throws Exception {
    // Given records that outlived the retention of their topic before anybody read them
    bench.commitZeros();
    for (int partition = 0; partition < Bench.PARTITIONS; partition++) {
      bench.produce(partition, "film-storyboard", "a job of last month".getBytes(UTF_8));
    }
    bench.emptyLanes();
    assertTrue(lag(bench.ends()) >= Bench.PARTITIONS);
    // When
    bench.start("w1", PaintingEngine.eager());
    // Then
    untilNothingLags();
  }

  private void untilNothingLags() throws Exception {
    Map<TopicPartition, Long> ends = bench.ends();
    Eventually.until("every offset is committed", () -> bench.committedOffsets().equals(ends));
  }

  private long lag(Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> committed = bench.committedOffsets();
    return ends.entrySet().stream()
        .mapToLong(end -> end.getValue() - committed.get(end.getKey()))
        .sum();
  }
}

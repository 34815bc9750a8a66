package dev.polyptych.policy.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PartitionRankingTest {
  /** Another order would send every adapter of a running cluster elsewhere. */
  @Test
  void theRankingIsTheSameForEver() {
    assertEquals(List.of(6, 5, 1, 4, 0, 7, 3, 2), PartitionRanking.of("couple-profile", 8));
  }

  @Test
  void adaptersAreSpreadEvenly() {
    int[] counts = new int[32];
    for (int adapter = 0; adapter < 32_000; adapter++) {
      counts[PartitionRanking.first("adapter-" + adapter, 32)]++;
    }

    // 1000 each on average; five standard deviations of the binomial are 156.
    assertTrue(IntStream.of(counts).allMatch(count -> count > 844 && count < 1156));
  }

  @Property
  void everyPartitionIsRankedOnce(
      @ForAll String adapter, @ForAll @IntRange(min = 1, max = 200) int partitions) {
    List<Integer> ranking = PartitionRanking.of(adapter, partitions);

    assertEquals(
        IntStream.range(0, partitions).boxed().toList(), ranking.stream().sorted().toList());
  }

  @Property
  void onePartitionMoreMovesAnAdapterThereOrNowhere(
      @ForAll String adapter, @ForAll @IntRange(min = 1, max = 200) int partitions) {
    int before = PartitionRanking.first(adapter, partitions);
    int after = PartitionRanking.first(adapter, partitions + 1);

    assertTrue(after == before || after == partitions, before + " → " + after);
  }
}

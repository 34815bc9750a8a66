package dev.polyptych.policy.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;
import org.junit.jupiter.api.Test;

class SwapTimesTest {
  private final SwapTimes times = new SwapTimes();

  @Test
  void withoutASwapCostsAreUnknown() {
    assertEquals(SwapCosts.NONE, times.costs());
    assertEquals(0, times.usual());
  }

  @Test
  void aTierWithoutSamplesCostsWhatTheNextFasterOneCosts() {
    times.measured(Tier.DEVICE, 0.5);
    times.measured(Tier.DISK, 4);

    assertEquals(new SwapCosts(0.5, 0.5, 4, 4), times.costs());
  }

  @Test
  void theNewestSwapWeighsThreeTenthsOfItsTierAndOfAll() {
    times.measured(Tier.HOST, 1);
    times.measured(Tier.HOST, 2);
    times.measured(Tier.DISK, 11.3);

    assertEquals(1.3, times.costs().host(), 1e-9);
    assertEquals(1.3 + 0.3 * 10, times.usual(), 1e-9);
  }
}

package dev.polyptych.nano.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StepRandomTest {
  private static final int DRAWS = 200;

  @Test
  void aStepDrawsTheSameAgain() {
    assertArrayEquals(draws(1, 7), draws(1, 7));
  }

  /** Once, a step's stream was that of the step before, begun a draw later. */
  @Test
  void noTwoStepsShareDraws() {
    Set<Long> seen = new HashSet<>();
    for (int step = 0; step < 100; step++) {
      for (long draw : draws(1, step)) {
        assertTrue(seen.add(draw), "step " + step + " draws again what a step before it drew");
      }
    }
  }

  @Test
  void neighbouringSeedsShareNoDraws() {
    Set<Long> seen = new HashSet<>();
    Arrays.stream(draws(1, 3)).forEach(seen::add);

    assertTrue(Arrays.stream(draws(2, 3)).noneMatch(seen::contains));
  }

  private static long[] draws(long seed, int step) {
    return new StepRandom(seed).of(step).longs(DRAWS).toArray();
  }
}

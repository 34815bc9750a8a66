package dev.polyptych.nano.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.nano.score.Bootstrap.Estimate;
import dev.polyptych.nano.score.SetScore.Share;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  @Test
  void theValueIsTheShareOverAllSets() {
    Estimate estimate = Bootstrap.share(List.of(new Share(1, 2), new Share(8, 8)));

    assertEquals(0.9, estimate.value(), 1e-12);
  }

  @Test
  void setsThatAreAllAlikeLeaveNoDoubt() {
    Estimate estimate = Bootstrap.share(Collections.nCopies(32, new Share(3, 4)));

    assertEquals(new Estimate(0.75, 0.75, 0.75), estimate);
  }

  @Test
  void theSameSharesGiveTheSameInterval() {
    List<Share> sets = sets(new SplittableRandom(1), 20, 0.5);

    assertEquals(Bootstrap.share(sets), Bootstrap.share(sets));
  }

  @Test
  void theIntervalCoversTheTruthAboutAsOftenAsItSays() {
    SplittableRandom random = new SplittableRandom(7);
    int covered = 0;
    for (int i = 0; i < 100; i++) {
      Estimate estimate = Bootstrap.share(sets(random, 40, 0.7));
      covered += estimate.low() <= 0.7 && 0.7 <= estimate.high() ? 1 : 0;
    }

    assertTrue(covered >= 85, "covered " + covered + " of 100");
  }

  @Test
  void moreSetsGiveANarrowerInterval() {
    SplittableRandom random = new SplittableRandom(3);

    Estimate few = Bootstrap.share(sets(random, 10, 0.5));
    Estimate many = Bootstrap.share(sets(random, 400, 0.5));

    assertTrue(many.high() - many.low() < (few.high() - few.low()) / 2, few + " and " + many);
  }

  @Test
  void aDifferenceIsTakenBetweenTheSameSets() {
    List<Share> sets = List.of(new Share(4, 4), new Share(2, 4));
    List<Share> others = List.of(new Share(3, 4), new Share(1, 4));

    Estimate estimate = Bootstrap.difference(sets, others);

    assertEquals(new Estimate(0.25, 0.25, 0.25), estimate);
  }

  @Test
  void otherNumbersOfSetsCannotBeCompared() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Bootstrap.difference(List.of(new Share(1, 1)), List.of()));
  }

  private static List<Share> sets(SplittableRandom random, int count, double likelihood) {
    List<Share> sets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int hits = 0;
      for (int pair = 0; pair < 9; pair++) {
        hits += random.nextDouble() < likelihood ? 1 : 0;
      }
      sets.add(new Share(hits, 9));
    }
    return sets;
  }
}

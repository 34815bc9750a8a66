package dev.polyptych.lab.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuantilesTest {
  @Test
  void theMedianOfAnEvenNumberIsTheMeanOfTheTwoMiddleValues() {
    assertEquals(3, Quantiles.median(9, 1, 3));
    assertEquals(2.5, Quantiles.median(4, 1, 2, 3));
    assertEquals(2, Quantiles.median(List.of("a", "bb", "ccc"), String::length));
    assertEquals(Double.NaN, Quantiles.median());
  }

  @Test
  void theNearestRankIsTheSmallestValueThatCoversTheShare() {
    double[] four = {40, 10, 30, 20};

    assertEquals(10, Quantiles.nearestRank(0, four));
    assertEquals(10, Quantiles.nearestRank(0.25, four));
    assertEquals(20, Quantiles.nearestRank(0.26, four));
    assertEquals(40, Quantiles.nearestRank(1, four));
    assertEquals(Double.NaN, Quantiles.nearestRank(0.5));
  }

  @Test
  void theLowerQuantileRoundsItsPlaceDown() {
    double[] five = {50, 40, 30, 20, 10};

    assertEquals(10, Quantiles.lower(0.24, five));
    assertEquals(20, Quantiles.lower(0.25, five));
    assertEquals(40, Quantiles.lower(0.95, five));
    assertEquals(50, Quantiles.lower(1, five));
    assertEquals(0, Quantiles.lower(0.5));
  }
}

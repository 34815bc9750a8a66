package dev.polyptych.lab.bench.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.lab.bench.cluster.ArrivalTrace.Arrival;
import dev.polyptych.lab.simulator.Replay;
import dev.polyptych.schema.fleet.Tier;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PredictionTest {
  private static final double NEAR = 1e-6;

  /** One worker, two adapters, the second job of the first one comes while the other waits. */
  private static final List<Round.Drawn> ROUND =
      List.of(
          drawn(0, 0, 0.5, 0.6, 1.6, true),
          drawn(0.2, 1, 0.5, 2.2, 3.2, true),
          drawn(0.4, 0, 0.5, 3.8, 4.8, true));

  @Test
  void aQueueInOrderIsPredictedAsItWas() {
    Prediction prediction = new Prediction(ROUND);

    Measures predicted = prediction.predicted(Replay.Way.FIFO, 2, List.of("w"), List.of("w"));

    assertEquals(0.1, prediction.deliverySeconds(), NEAR);
    assertEquals(0.1, prediction.gapSeconds(), NEAR);
    assertEquals(0.5, prediction.swapSeconds(), NEAR);
    assertEquals(prediction.measured().p95Wait(), predicted.p95Wait(), NEAR);
    assertEquals(prediction.measured().throughput(), predicted.throughput(), NEAR);
    assertEquals(1, predicted.swapsPerJob());
  }

  @Test
  void ourScheduleWouldHaveStayedWithTheWarmAdapter() {
    Measures predicted =
        new Prediction(ROUND).predicted(Replay.Way.OURS, 2, List.of("w"), List.of("w"));

    assertEquals(2.0 / 3, predicted.swapsPerJob(), NEAR);
  }

  private static Round.Drawn drawn(
      double came, int task, double swap, double begun, double ended, boolean swapped) {
    Optional<Tier> from = swapped ? Optional.of(Tier.DISK) : Optional.empty();
    long seed = Math.round(10 * came);
    return new Round.Drawn(
        new Arrival(came, task),
        1000 + came,
        "w",
        new Notice.Drawn(seed, "a" + task, from, swap, 1000 + begun, 1000 + ended));
  }
}

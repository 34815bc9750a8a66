package dev.polyptych.training.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TuningBatchTest {
  private static final int SETS = 10;
  private static final int STEPS = 500;
  private static final int BATCH = 4;

  @Test
  void levelsAreTheLogisticOfANormal() {
    List<Double> sigmas = sorted(1.0);

    assertEquals(0.5, sigmas.get(sigmas.size() / 2), 0.03);
    assertEquals(0.731, sigmas.get((int) (0.8413 * sigmas.size())), 0.03, "a deviation above");
  }

  @Test
  void aShiftMovesThemAsASamplersDoes() {
    List<Double> plain = sorted(1.0);
    List<Double> shifted = sorted(4.0);
    for (int i = 0; i < plain.size(); i++) {
      double sigma = plain.get(i);
      assertEquals(4 * sigma / (1 + 3 * sigma), shifted.get(i), 1e-6);
    }
  }

  @Test
  void severalShiftsAreTakenInTurn() {
    float[] plain = TuningBatch.of(options(1.0), SETS, 3).sigmas();
    float[] shifted = TuningBatch.of(options(4.0), SETS, 3).sigmas();

    float[] mixed = TuningBatch.of(options(1.0, 4.0), SETS, 3).sigmas();

    for (int i = 0; i < mixed.length; i++) {
      assertEquals(i % 2 == 0 ? plain[i] : shifted[i], mixed[i]);
    }
  }

  @Test
  void everySetIsShownOnceBeforeAnyIsShownAgain() {
    List<Integer> shown = new ArrayList<>();
    for (int step = 0; step < SETS; step++) {
      shown.addAll(TuningBatch.of(options(1.0), SETS, step).places());
    }
    for (int round = 0; round < BATCH; round++) {
      assertEquals(SETS, new HashSet<>(shown.subList(round * SETS, (round + 1) * SETS)).size());
    }
    assertTrue(!shown.subList(0, SETS).equals(shown.subList(SETS, 2 * SETS)), "in a new order");
  }

  private static List<Double> sorted(double shift) {
    List<Double> sigmas = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      for (float sigma : TuningBatch.of(options(shift), SETS, step).sigmas()) {
        sigmas.add((double) sigma);
      }
    }
    return sigmas.stream().sorted().toList();
  }

  private static TuningOptions options(Double... shifts) {
    return new TuningOptions(16, STEPS, BATCH, 1e-4, 7, List.of(shifts), 0.05, 0.99);
  }
}

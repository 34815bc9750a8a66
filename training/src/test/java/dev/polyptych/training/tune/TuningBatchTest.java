package dev.polyptych.training.tune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.training.CleanPanels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TuningBatchTest {
  private static final int SETS = 10;
  private static final int STEPS = 500;
  private static final int BATCH = 4;
  private static final CleanPanels STORYBOARD = new CleanPanels(3, 1, 2, 4);

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
    float[] plain = TuningBatch.of(options(0, 1.0), SETS, STORYBOARD, 3).sigmas();
    float[] shifted = TuningBatch.of(options(0, 4.0), SETS, STORYBOARD, 3).sigmas();

    float[] mixed = TuningBatch.of(options(0, 1.0, 4.0), SETS, STORYBOARD, 3).sigmas();

    for (int i = 0; i < mixed.length; i++) {
      assertEquals(i % 2 == 0 ? plain[i] : shifted[i], mixed[i]);
    }
  }

  @Test
  void everySetIsShownOnceBeforeAnyIsShownAgain() {
    List<Integer> shown = new ArrayList<>();
    for (int step = 0; step < SETS; step++) {
      shown.addAll(TuningBatch.of(options(0, 1.0), SETS, STORYBOARD, step).places());
    }
    for (int round = 0; round < BATCH; round++) {
      assertEquals(SETS, new HashSet<>(shown.subList(round * SETS, (round + 1) * SETS)).size());
    }
    assertTrue(!shown.subList(0, SETS).equals(shown.subList(SETS, 2 * SETS)), "in a new order");
  }

  @Test
  void cleanPanelsAreOneToAllButOneInTheirShareOfTheSheetsAndChangeNothingElse() {
    Map<Integer, Integer> counts = new TreeMap<>();
    for (int step = 0; step < STEPS; step++) {
      TuningBatch plain = TuningBatch.of(options(0, 1.0), SETS, STORYBOARD, step);
      TuningBatch some = TuningBatch.of(options(0.6, 1.0), SETS, STORYBOARD, step);
      assertArrayEquals(plain.sigmas(), some.sigmas());
      assertEquals(plain.noiseSeed(), some.noiseSeed());
      plain.drawn().forEach(drawn -> assertEquals(0, clean(drawn)));
      some.drawn().forEach(drawn -> counts.merge(clean(drawn), 1, Integer::sum));
    }
    assertEquals(Set.of(0, 1, 2), counts.keySet());
    assertEquals(0.4, counts.get(0) / (double) (STEPS * BATCH), 0.04);
    assertEquals(0.3, counts.get(1) / (double) (STEPS * BATCH), 0.04);
  }

  /** Clean panels of a sheet of three, one below the other, of 2 x 4 tokens each. */
  private static int clean(float[] drawn) {
    int clean = 0;
    for (int panel = 0; panel < 3; panel++) {
      float[] tokens = Arrays.copyOfRange(drawn, panel * 8, panel * 8 + 8);
      for (float token : tokens) {
        assertEquals(tokens[0], token, "a panel is clean as a whole");
      }
      clean += tokens[0] == 0 ? 1 : 0;
    }
    return clean;
  }

  private static List<Double> sorted(double shift) {
    List<Double> sigmas = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      for (float sigma : TuningBatch.of(options(0, shift), SETS, STORYBOARD, step).sigmas()) {
        sigmas.add((double) sigma);
      }
    }
    return sigmas.stream().sorted().toList();
  }

  private static TuningOptions options(double cleanPanels, Double... shifts) {
    return new TuningOptions(16, STEPS, BATCH, 1e-4, 7, List.of(shifts), 0.05, cleanPanels, 0.99);
  }
}

package dev.polyptych.nano.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.nano.world.PanelPainter;
import dev.polyptych.nano.world.Side;
import dev.polyptych.nano.world.WorldSampler;
import dev.polyptych.training.Rates;
import dev.polyptych.training.Trainable;
import dev.polyptych.training.Trainable.Values;
import dev.polyptych.weights.model.AutoencoderConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AutoencoderLearnerTest {
  private static final AutoencoderConfig SMALL =
      new AutoencoderConfig(4, List.of(8, 8, 16), 1, 8, 1, 0, false, false, false);
  private static final int EDGE = 32;

  @ParameterizedTest
  @EnumSource
  void eachParameterMoves(Optimizer optimizer) {
    Map<String, Values> before = new InitialWeights(1).of(SMALL.tensors().byName());

    Map<String, Values> after = learnt(before, optimizer, 2).after();

    Set<String> still =
        before.keySet().stream()
            .filter(name -> Arrays.equals(before.get(name).numbers(), after.get(name).numbers()))
            .collect(Collectors.toSet());
    assertEquals(Set.of(), still);
  }

  @Test
  void muonBringsTheErrorDown() {
    Map<String, Values> before = new InitialWeights(1).of(SMALL.tensors().byName());

    double soon = learnt(before, Optimizer.MUON, 1).error();
    double later = learnt(before, Optimizer.MUON, 30).error();

    assertTrue(later < 0.7 * soon, soon + " became " + later);
  }

  private record Learnt(Map<String, Values> after, double error) {}

  private static Learnt learnt(Map<String, Values> before, Optimizer optimizer, int steps) {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        Trainable trainable = Trainable.from(before, manager)) {
      AutoencoderLearner learner =
          new AutoencoderLearner(
              SMALL,
              new PanelPainter(EDGE, EDGE),
              new AutoencoderLearner.Source(new WorldSampler(Side.TRAINING), new StepRandom(1)),
              new AutoencoderLearner.Settings(
                  8, ComputeType.FLOAT32, optimizer, Eyes.closed(manager), Optional.empty()),
              manager);
      double error = 0;
      for (int step = 0; step < steps; step++) {
        error = learner.learn(step, trainable, new Rates(3e-3, 0.01, 1, 0)).loss();
      }
      return new Learnt(trainable.averages(), error);
    }
  }
}

package dev.polyptych.engine.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.engine.plan.MemoryDemand.Room;
import dev.polyptych.weights.model.Float8Layers;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.Network;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemoryPlannerTest {
  private static final ModelFolder FLUX = ModelFolder.fluxDev();
  private static final Room LARGEST = new Room(1344, 1728, 2048L << 20, 0);

  private static MemoryPlan plan(int gigabytes, WeightType type) {
    Card card =
        Card.common().stream()
            .filter(one -> one.gigabytes() == gigabytes)
            .findFirst()
            .orElseThrow();
    return MemoryPlanner.plan(demand(type).on(card.bytes()));
  }

  private static MemoryDemand demand(WeightType type) {
    return new MemoryDemand(FLUX, Map.of(), ComputeType.BFLOAT16, type, true, 0, LARGEST);
  }

  @Test
  void aCardOf80GigabytesHoldsEverythingWide() {
    MemoryPlan plan = plan(80, WeightType.AUTO);

    assertTrue(plan.fits());
    assertEquals(WeightType.BFLOAT16, plan.weights());
    assertEquals(TextPlace.RESIDENT, plan.text());
    assertEquals(Decoding.WHOLE, plan.decoding());
    assertEquals(33.904e9, (double) plan.weightBytes(), 0.1e9);
  }

  @Test
  void aCardOf24GigabytesDrawsTheLargestSheetInFloat8() {
    MemoryPlan plan = plan(24, WeightType.AUTO);

    assertTrue(plan.fits(), plan.toString());
    assertEquals(WeightType.FLOAT8, plan.weights());
  }

  @Test
  void aCardOf16GigabytesDrawsTheLargestSheetWithTheModulationInHostMemory() {
    MemoryPlan plan = plan(16, WeightType.AUTO);

    assertTrue(plan.fits(), plan.toString());
    assertTrue(plan.modulationMoved());
  }

  @Test
  void wideWeightsDoNotFit24Gigabytes() {
    assertFalse(plan(24, WeightType.BFLOAT16).fits());
  }

  @Test
  void modulationThatAFileHoldsInFloat8TakesAByteForEachValue() {
    Map<Network, Set<String>> stored =
        Map.of(Network.TRANSFORMER, Float8Layers.of(FLUX.transformer()).kept());
    MemoryDemand fromFile =
        new MemoryDemand(FLUX, stored, ComputeType.BFLOAT16, WeightType.FLOAT8, true, 0, LARGEST);
    long made = MemoryPlanner.plan(demand(WeightType.FLOAT8)).use().modulation();

    long kept = MemoryPlanner.plan(fromFile).use().modulation();

    assertEquals(made / 2.0, (double) kept, made / 500.0);
  }

  @Test
  void onACpuTextEncodersAreReadAgainWhereTheyDoNotFit() {
    MemoryDemand demand =
        new MemoryDemand(
            FLUX,
            Map.of(),
            ComputeType.BFLOAT16,
            WeightType.FLOAT8,
            false,
            21_500_000_000L,
            Room.of(512, 512));

    MemoryPlan plan = MemoryPlanner.plan(demand);

    assertTrue(plan.fits() || plan.text() == TextPlace.RELEASED, plan.toString());
    assertFalse(plan.modulationMoved());
  }

  @Test
  void roomForAdaptersIsGivenUpLast() {
    MemoryPlan least = MemoryPlanner.plan(demand(WeightType.AUTO).on(10_000_000_000L));

    assertFalse(least.fits());
    assertEquals(512L << 20, least.use().adapters());
  }
}

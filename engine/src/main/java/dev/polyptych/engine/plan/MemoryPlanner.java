package dev.polyptych.engine.plan;

import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.engine.plan.MemoryDemand.Room;
import dev.polyptych.engine.plan.MemoryPlan.Use;
import dev.polyptych.engine.sheet.SheetPlan;
import dev.polyptych.weights.model.Float8Layers;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides how a model lies in a device's memory. Tries what draws fastest first: wide weights
 * before float8, text encoders on the device before others, whole sheets before strips, all the
 * room for adapters before less.
 */
public final class MemoryPlanner {
  /** Context, kernels and libraries of a GPU, and gaps between its allocations. */
  private static final long GPU_RESERVE = 800_000_000;

  /** Graphs, tokenizers, and what a JVM needs beside its heap to run them. */
  private static final long CPU_RESERVE = 80_000_000;

  /** Room for adapters that is not given up. */
  private static final long LEAST_ADAPTERS = 512L << 20;

  /** Bytes for each value of the largest matrix while it is rounded to float8. */
  private static final long ROUNDING = 13;

  /** Bytes for each value of the largest matrix while a wide one is read. */
  private static final long READING = 6;

  /** Float32 and float8 of an activation that a product in float8 reads. */
  private static final long ROUNDED_ACTIVATION = 5;

  private static final int SCALE = Float.BYTES;

  private final MemoryDemand demand;

  private MemoryPlanner(MemoryDemand demand) {
    this.demand = demand;
  }

  /** The plan for a demand. If nothing fits, the one that needs the least memory. */
  public static MemoryPlan plan(MemoryDemand demand) {
    List<MemoryPlan> plans = plans(demand);
    MemoryPlan least = plans.getFirst();
    for (MemoryPlan plan : plans) {
      if (plan.fits()) {
        return plan;
      }
      least = plan.peakBytes() < least.peakBytes() ? plan : least;
    }
    return least;
  }

  /** All plans for a demand, those that draw fastest first. */
  public static List<MemoryPlan> plans(MemoryDemand demand) {
    MemoryPlanner planner = new MemoryPlanner(demand);
    List<MemoryPlan> plans = new ArrayList<>();
    for (Room room : planner.rooms()) {
      for (WeightType weights : planner.weightTypes()) {
        planner.add(plans, room, weights);
      }
    }
    return plans;
  }

  /** With all adapters, without merged ones, with few. */
  private List<Room> rooms() {
    Room asked = demand.room();
    List<Room> rooms = new ArrayList<>(List.of(asked));
    if (asked.mergedBytes() > 0) {
      rooms.add(new Room(asked.width(), asked.height(), asked.adapterBytes(), 0));
    }
    if (asked.adapterBytes() > LEAST_ADAPTERS) {
      rooms.add(new Room(asked.width(), asked.height(), LEAST_ADAPTERS, 0));
    }
    return rooms;
  }

  private List<WeightType> weightTypes() {
    WeightType wide = WeightType.of(demand.computeType());
    return switch (demand.weightType()) {
      case AUTO -> List.of(wide, WeightType.FLOAT8);
      case FLOAT8 -> List.of(WeightType.FLOAT8);
      case FLOAT32, BFLOAT16 -> List.of(wide);
    };
  }

  /** Host memory and device memory are the same thing on a CPU. */
  private void add(List<MemoryPlan> plans, Room room, WeightType weights) {
    for (Decoding decoding : Decoding.values()) {
      plans.add(plan(room, weights, TextPlace.RESIDENT, false, decoding));
    }
    for (Decoding decoding : Decoding.values()) {
      plans.add(
          plan(
              room, weights, demand.gpu() ? TextPlace.MOVED : TextPlace.RELEASED, false, decoding));
    }
    if (demand.gpu()) {
      for (TextPlace text : List.of(TextPlace.MOVED, TextPlace.CPU)) {
        for (Decoding decoding : Decoding.values()) {
          plans.add(plan(room, weights, text, true, decoding));
        }
      }
    }
  }

  private MemoryPlan plan(
      Room room, WeightType weights, TextPlace text, boolean modulationMoved, Decoding decoding) {
    boolean float8 = weights == WeightType.FLOAT8;
    ModelFolder model = demand.model();
    Float8Layers layers = float8 ? Float8Layers.of(model.transformer()) : Float8Layers.none();
    Float8Layers t5 = float8 ? Float8Layers.of(model.t5()) : Float8Layers.none();
    Predicate<String> modulation = Float8Layers::modulation;
    SheetPlan sheet =
        SheetPlan.of(model, room.width(), room.height(), demand.computeType().bytes());
    Use use =
        new Use(
            bytes(Network.TRANSFORMER, layers, modulation.negate()),
            bytes(Network.TRANSFORMER, layers, modulation),
            bytes(Network.T5, t5, name -> true)
                + bytes(Network.CLIP, Float8Layers.none(), name -> true),
            model.autoencoder().tensors().parameters() * Float.BYTES,
            room.adapterBytes(),
            room.mergedBytes(),
            demand.gpu() ? GPU_RESERVE : CPU_RESERVE,
            load(Network.TRANSFORMER, layers),
            sheet.encodeBytes() + widening(Network.T5, t5),
            sheet.stepBytes() + product(layers, sheet.jointTokens()),
            decoding == Decoding.WHOLE ? sheet.decodeBytes() : sheet.stripBytes(Decoding.ROWS));
    return new MemoryPlan(weights, text, modulationMoved, decoding, use, demand.deviceBytes());
  }

  private long bytes(Network network, Float8Layers layers, Predicate<String> wanted) {
    long sum = 0;
    for (Map.Entry<String, List<Long>> tensor :
        demand.model().tensors(network).byName().entrySet()) {
      if (!wanted.test(tensor.getKey())) {
        continue;
      }
      long values = values(tensor.getValue());
      sum +=
          float8(network, layers, tensor.getKey())
              ? values + tensor.getValue().getFirst() * SCALE
              : values * demand.computeType().bytes();
    }
    return sum;
  }

  private boolean float8(Network network, Float8Layers layers, String name) {
    return layers.made().contains(name)
        || (layers.kept().contains(name) && stored(network).contains(name));
  }

  private Set<String> stored(Network network) {
    return demand.stored().getOrDefault(network, Set.of());
  }

  /** While the largest matrix is read, rounded or packed. */
  private long load(Network network, Float8Layers layers) {
    long most = 0;
    for (Map.Entry<String, List<Long>> tensor :
        demand.model().tensors(network).byName().entrySet()) {
      boolean rounded =
          layers.made().contains(tensor.getKey()) && !stored(network).contains(tensor.getKey());
      most = Math.max(most, values(tensor.getValue()) * (rounded ? ROUNDING : READING));
    }
    return most;
  }

  /**
   * While a layer multiplies: its weight widened or, on a GPU, perhaps its activation in float8.
   */
  private long product(Float8Layers layers, long tokens) {
    if (layers.made().isEmpty()) {
      return 0;
    }
    long activation = tokens * 5 * demand.model().transformer().width() * ROUNDED_ACTIVATION;
    long widened = widening(Network.TRANSFORMER, layers);
    return demand.gpu() ? Math.max(widened, activation) : widened;
  }

  /** Float32 and the compute type of the largest matrix; a CPU packs it, too. */
  private long widening(Network network, Float8Layers layers) {
    long most =
        demand.model().tensors(network).byName().entrySet().stream()
            .filter(tensor -> float8(network, layers, tensor.getKey()))
            .mapToLong(tensor -> values(tensor.getValue()))
            .max()
            .orElse(0);
    return most * (Float.BYTES + demand.computeType().bytes());
  }

  private static long values(List<Long> shape) {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }
}

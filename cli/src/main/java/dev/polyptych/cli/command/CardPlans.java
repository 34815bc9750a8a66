package dev.polyptych.cli.command;

import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.engine.plan.Card;
import dev.polyptych.engine.plan.MemoryDemand;
import dev.polyptych.engine.plan.MemoryDemand.Room;
import dev.polyptych.engine.plan.MemoryPlan;
import dev.polyptych.engine.plan.MemoryPlanner;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the planner decides for a model on common graphics cards. */
final class CardPlans {
  /** Room for adapters: the default of a worker. */
  static final long ADAPTERS = 2048L << 20;

  private final MemoryDemand demand;

  /**
   * @param stored tensors that the model's files hold in float8
   */
  CardPlans(ModelFolder model, Map<Network, Set<String>> stored, WeightType weightType, Room room) {
    ComputeType computing = weightType.computeType().orElse(ComputeType.BFLOAT16);
    this.demand = new MemoryDemand(model, stored, computing, weightType, true, 0, room);
  }

  /** A line for each size of cards. What does not fit is followed by what would. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Card card : Card.common()) {
      MemoryPlan plan = MemoryPlanner.plan(demand.on(card.bytes()));
      String name = "%d GB (%s)".formatted(card.gigabytes(), card.names());
      lines.add("%-28s %s%s".formatted(name, plan.fits() ? "" : "does not fit: ", plan));
      if (!plan.fits()) {
        lines.add("%-28s %s".formatted("", remedy(card.bytes())));
      }
    }
    return lines;
  }

  private String remedy(long bytes) {
    MemoryPlan narrow = MemoryPlanner.plan(demand.with(WeightType.FLOAT8).on(bytes));
    if (narrow.fits()) {
      return "--weight-type float8 (setting weightType) fits";
    }
    return largest(bytes)
        .map("a square sheet of up to %d pixels fits, with float8 weights"::formatted)
        .orElse("no sheet fits: take a larger card, or a smaller model");
  }

  /** The edge of the largest square sheet that fits. */
  private Optional<Integer> largest(long bytes) {
    int step = demand.model().tokenEdge() * 4;
    Room asked = demand.room();
    for (int edge = Math.max(asked.width(), asked.height()) / step * step; edge > 0; edge -= step) {
      Room room = new Room(edge, edge, asked.adapterBytes(), 0);
      MemoryDemand smaller =
          new MemoryDemand(
              demand.model(),
              demand.stored(),
              demand.computeType(),
              WeightType.FLOAT8,
              true,
              bytes,
              room);
      if (MemoryPlanner.plan(smaller).fits()) {
        return Optional.of(edge);
      }
    }
    return Optional.empty();
  }
}

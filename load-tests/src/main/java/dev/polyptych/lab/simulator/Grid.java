package dev.polyptych.lab.simulator;

import dev.polyptych.lab.simulator.Load.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The loads that arms are compared under. */
final class Grid {
  private static final double[] SWAPS = {0.002, 0.1, 0.5, 2, 10};
  private static final double[] LOADS = {0.7, 0.9, 2};
  private static final long SEED = 1;

  private final List<Load> loads = new ArrayList<>();

  private Grid() {}

  /** Within a minute on two cores. */
  static Grid quick() {
    Grid grid = new Grid();
    for (double zipf : new double[] {0.8, 1.1, 1.4}) {
      grid.add(scene(Shape.STEADY, zipf), SWAPS);
    }
    for (Shape shape : new Shape[] {Shape.BURSTS, Shape.FLASH, Shape.CHURN}) {
      grid.add(scene(shape, 1.1), 0.1, 0.5, 2);
    }
    grid.add(new Load(Shape.STEADY, 64, 500, 1.1, 0, 0, 60, Memory.TIERED), 0.5, 2);
    grid.add(new Load(Shape.STEADY, 64, 10_000, 1.1, 0, 0, 60, Memory.TIERED), 0.5, 2);
    return grid;
  }

  /** With fleets of 1,000 workers; minutes. */
  static Grid full() {
    Grid grid = quick();
    for (Shape shape : new Shape[] {Shape.BURSTS, Shape.FLASH, Shape.CHURN}) {
      for (double zipf : new double[] {0.8, 1.4}) {
        grid.add(scene(shape, zipf), SWAPS);
      }
    }
    for (Memory memory : new Memory[] {Memory.SMALL, Memory.TIERED}) {
      grid.add(new Load(Shape.STEADY, 1000, 10_000, 1.1, 0, 0, 60, memory), 0.002, 0.5, 2);
    }
    return grid;
  }

  private static Load scene(Shape shape, double zipf) {
    return new Load(shape, 64, 500, zipf, 0, 0, 60, Memory.SMALL);
  }

  private void add(Load scene, double... swaps) {
    for (double swap : swaps) {
      for (double load : LOADS) {
        loads.add(scene.swapping(swap).at(load));
      }
    }
  }

  List<Load> loads() {
    return List.copyOf(loads);
  }

  /** Cells side by side on all cores, in the order of the loads; the same ones every time. */
  List<Cell> run(Consumer<String> progress) {
    return loads.parallelStream()
        .map(
            load -> {
              Cell cell = cell(load);
              progress.accept(RoutingTable.line(cell));
              return cell;
            })
        .toList();
  }

  static Cell cell(Load load) {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    Arms.all()
        .forEach(
            (name, maker) ->
                outcomes.put(name, Simulation.run(load, maker, Arrivals.of(load, SEED))));
    return new Cell(load, outcomes);
  }
}

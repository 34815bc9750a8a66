package dev.polyptych.lab.simulator;

import dev.polyptych.lab.simulator.RoutingArm.Arms;
import dev.polyptych.lab.simulator.RoutingTally.RoutingOutcome;
import dev.polyptych.lab.simulator.SimulatedLoad.Memory;
import dev.polyptych.lab.simulator.SimulatedLoad.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The loads under which the arms are compared. */
final class Grid {
  private static final double[] SWAPS = {0.002, 0.1, 0.5, 2, 10};
  private static final double[] LOADS = {0.7, 0.9, 2};
  private static final long SEED = 1;

  private final List<SimulatedLoad> loads = new ArrayList<>();

  private Grid() {}

  /** Takes less than a minute on two cores. */
  static Grid quick() {
    Grid grid = new Grid();
    for (double zipf : new double[] {0.8, 1.1, 1.4}) {
      grid.add(scene(Shape.STEADY, zipf), SWAPS);
    }
    for (Shape shape : new Shape[] {Shape.BURSTS, Shape.FLASH, Shape.CHURN}) {
      grid.add(scene(shape, 1.1), 0.1, 0.5, 2);
    }
    grid.add(new SimulatedLoad(Shape.STEADY, 64, 500, 1.1, 0, 0, 60, Memory.TIERED), 0.5, 2);
    grid.add(new SimulatedLoad(Shape.STEADY, 64, 10_000, 1.1, 0, 0, 60, Memory.TIERED), 0.5, 2);
    return grid;
  }

  /** With fleets of 1,000 workers as well; takes minutes. */
  static Grid full() {
    Grid grid = quick();
    for (Shape shape : new Shape[] {Shape.BURSTS, Shape.FLASH, Shape.CHURN}) {
      for (double zipf : new double[] {0.8, 1.4}) {
        grid.add(scene(shape, zipf), SWAPS);
      }
    }
    for (Memory memory : new Memory[] {Memory.SMALL, Memory.TIERED}) {
      grid.add(new SimulatedLoad(Shape.STEADY, 1000, 10_000, 1.1, 0, 0, 60, memory), 0.002, 0.5, 2);
    }
    return grid;
  }

  private static SimulatedLoad scene(Shape shape, double zipf) {
    return new SimulatedLoad(shape, 64, 500, zipf, 0, 0, 60, Memory.SMALL);
  }

  private void add(SimulatedLoad scene, double... swaps) {
    for (double swap : swaps) {
      for (double load : LOADS) {
        loads.add(scene.swapping(swap).at(load));
      }
    }
  }

  /**
   * Runs the cells in parallel on all cores. The result has the order of the loads and is always
   * the same.
   */
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

  static Cell cell(SimulatedLoad load) {
    Map<String, RoutingOutcome> outcomes = new LinkedHashMap<>();
    Arms.all()
        .forEach(
            (name, maker) ->
                outcomes.put(name, Simulation.run(load, maker, Arrivals.of(load, SEED))));
    return new Cell(load, outcomes);
  }

  /**
   * The results of all arms under one load.
   *
   * @param outcomes by arm
   */
  record Cell(SimulatedLoad load, Map<String, RoutingOutcome> outcomes) {
    /** Waits shorter than a tenth of a render count as equal. */
    private static final double SHORT_SECONDS = SimulatedLoad.RENDER_SECONDS / 10;

    RoutingOutcome of(String arm) {
      return outcomes.get(arm);
    }

    /** The figure of our arm ÷ that of the given arm. */
    double delivered(String arm) {
      return of(Arms.OURS).delivered() / of(arm).delivered();
    }

    /** The figure of our arm ÷ that of the given arm. */
    double wait(String arm) {
      return wait(of(Arms.OURS)) / wait(of(arm));
    }

    /** The arm that delivers the most. */
    String mostDelivered() {
      return outcomes.keySet().stream()
          .reduce((one, other) -> of(one).delivered() >= of(other).delivered() ? one : other)
          .orElseThrow();
    }

    /** The arm with the smallest 95th percentile of waits. */
    String shortestWait() {
      return outcomes.keySet().stream()
          .reduce((one, other) -> of(one).p95Wait() <= of(other).p95Wait() ? one : other)
          .orElseThrow();
    }

    private static double wait(RoutingOutcome outcome) {
      return Math.max(SHORT_SECONDS, outcome.p95Wait());
    }
  }
}

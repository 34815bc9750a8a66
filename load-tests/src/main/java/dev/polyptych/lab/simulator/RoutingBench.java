package dev.polyptych.lab.simulator;

import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.lab.bench.BenchReport.Findings;
import dev.polyptych.lab.simulator.Grid.Cell;
import dev.polyptych.lab.simulator.RoutingArm.Arms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Compares our routing and schedule with those of other systems and judges them. */
public final class RoutingBench {
  private static final double OF_BEST = 0.95;
  private static final double WAIT_OF_BEST = 1.25;
  private static final double OF_FIFO = 0.95;
  private static final double WAIT_OF_FIFO = 1.05;
  private static final double SWAP_SHARE = 0.1;

  /** A swap that takes longer than this many renders may exceed the swap share. */
  private static final double DEAR_SWAP = 2;

  private final List<Cell> cells;
  private final Map<String, Double> figures = new LinkedHashMap<>();
  private final List<Aim> aims = new ArrayList<>();

  private RoutingBench(List<Cell> cells) {
    this.cells = cells;
  }

  /**
   * Runs the grid.
   *
   * @param full with fleets of 1,000 workers, which takes minutes; otherwise it takes less than a
   *     minute
   * @param progress receives a line when a cell is done
   */
  public static RoutingBench run(boolean full, Consumer<String> progress) {
    return new RoutingBench((full ? Grid.full() : Grid.quick()).run(progress));
  }

  /** Ratios are ours ÷ the other arm's. The worst cell counts. */
  public BenchReport report() {
    List<Cell> overload = cells.stream().filter(cell -> cell.load().overload()).toList();
    List<Cell> bearable = cells.stream().filter(cell -> !cell.load().overload()).toList();
    List<Cell> cheap = overload.stream().filter(cell -> cell.load().swap() <= DEAR_SWAP).toList();
    aims.clear();
    figures.put("cells", (double) cells.size());
    atLeast("overload_throughput_of_best", OF_BEST, overload, c -> c.delivered(c.mostDelivered()));
    atMost("p95_wait_of_best", WAIT_OF_BEST, bearable, c -> c.wait(c.shortestWait()));
    atLeast("overload_throughput_of_fifo", OF_FIFO, overload, c -> c.delivered(Arms.FIFO));
    atMost("p95_wait_of_fifo", WAIT_OF_FIFO, bearable, c -> c.wait(Arms.FIFO));
    atMost("overload_swap_share", SWAP_SHARE, cheap, c -> c.of(Arms.OURS).swapShare());
    return BenchReport.of("routing", new Findings(figures, aims));
  }

  private void atLeast(String name, double bound, List<Cell> of, ToDoubleFunction<Cell> ratio) {
    double least = of.stream().mapToDouble(ratio).min().orElse(1);
    judged(name, of, cell -> ratio.applyAsDouble(cell) < bound);
    aims.add(Aim.atLeast(name + "_least", bound, least));
  }

  private void atMost(String name, double bound, List<Cell> of, ToDoubleFunction<Cell> ratio) {
    double most = of.stream().mapToDouble(ratio).max().orElse(0);
    judged(name, of, cell -> ratio.applyAsDouble(cell) > bound);
    aims.add(Aim.atMost(name + "_most", bound, most));
  }

  private interface Missing {
    boolean in(Cell cell);
  }

  private void judged(String name, List<Cell> of, Missing missing) {
    figures.put(name + "_cells", (double) of.size());
    figures.put(name + "_missed_cells", (double) of.stream().filter(missing::in).count());
  }

  /** Writes {@code routing.json}, {@code routing.md} and plots. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("routing.json"), report().json() + "\n");
    Files.writeString(folder.resolve("routing.md"), RoutingTable.markdown(cells));
    RoutingPlots.write(cells, folder);
  }
}

package dev.polyptych.lab.simulator;

import dev.polyptych.lab.simulator.Grid.Cell;
import dev.polyptych.lab.simulator.RoutingArm.Arms;
import dev.polyptych.lab.simulator.RoutingTally.RoutingOutcome;
import dev.polyptych.lab.simulator.SimulatedLoad.Memory;
import dev.polyptych.training.LineChart;
import dev.polyptych.training.LineChart.Axis;
import dev.polyptych.training.LineChart.Point;
import dev.polyptych.training.LineChart.Tick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** One curve per arm over the cost of a swap. */
final class RoutingPlots {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 400;

  private static final Axis DELIVERED =
      Axis.over(
          "part of the capacity delivered at twice the load",
          IntStream.rangeClosed(0, 4).mapToObj(i -> tick(i / 4.0, "%.2f", i / 4.0)).toList());

  private static final Axis WAIT =
      Axis.over(
          "p95 of waits at 90 % load, seconds",
          IntStream.rangeClosed(0, 4).mapToObj(i -> tick(i, "%.0f", Math.pow(10, i))).toList());

  private RoutingPlots() {}

  /** One plot per popularity, of the steady loads with a small memory. */
  static void write(List<Cell> cells, Path folder) throws IOException {
    for (double zipf : new double[] {0.8, 1.1, 1.4}) {
      List<Cell> steady =
          cells.stream()
              .filter(
                  cell ->
                      cell.load().shape() == SimulatedLoad.Shape.STEADY
                          && cell.load().memory().equals(Memory.SMALL)
                          && cell.load().workers() == 64
                          && cell.load().zipf() == zipf)
              .toList();
      String name = String.format(Locale.ROOT, "zipf-%.1f.svg", zipf);
      draw(
          at(steady, 2),
          DELIVERED,
          RoutingOutcome::delivered,
          folder.resolve("throughput-" + name));
      draw(
          at(steady, 0.9),
          WAIT,
          outcome -> Math.log10(Math.max(1, outcome.p95Wait())),
          folder.resolve("wait-" + name));
    }
  }

  private static List<Cell> at(List<Cell> cells, double load) {
    return cells.stream().filter(cell -> cell.load().load() == load).toList();
  }

  private static void draw(
      List<Cell> cells, Axis up, ToDoubleFunction<RoutingOutcome> value, Path file)
      throws IOException {
    List<Tick> swaps =
        IntStream.range(0, cells.size())
            .mapToObj(i -> new Tick(i, String.valueOf(cells.get(i).load().swap())))
            .toList();
    LineChart chart = new LineChart(WIDTH, HEIGHT, Axis.over("swap ÷ render", swaps), up);
    for (String arm : Arms.all().keySet()) {
      List<Point> points =
          IntStream.range(0, cells.size())
              .mapToObj(i -> new Point(i, value.applyAsDouble(cells.get(i).of(arm))))
              .toList();
      chart.curve(arm, arm.equals(Arms.OURS), points);
    }
    Files.write(file, LineChart.svg(List.of(chart)));
  }

  private static Tick tick(double at, String format, double shown) {
    return new Tick(at, String.format(Locale.ROOT, format, shown));
  }
}

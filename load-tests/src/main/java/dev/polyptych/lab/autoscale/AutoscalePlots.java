package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.autoscale.ScalingOutcome.ScalingSample;
import dev.polyptych.training.LineChart;
import dev.polyptych.training.LineChart.Axis;
import dev.polyptych.training.LineChart.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Replicas and outstanding GPU-seconds over time: all arms in one picture, with the first seed. */
final class AutoscalePlots {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 300;

  /** In a picture these look the same as other arms. */
  private static final Set<String> LEFT_OUT = Set.of(AutoscaleArm.LAG_WINDOWS, AutoscaleArm.BLIND);

  private AutoscalePlots() {}

  static void write(List<ScalingTrial> trials, Path folder) throws IOException {
    for (Demand demand : Demand.values()) {
      List<ScalingTrial> shown =
          trials.stream()
              .filter(trial -> trial.demand() == demand && !LEFT_OUT.contains(trial.arm()))
              .toList();
      byte[] picture =
          LineChart.svg(
              List.of(
                  chart(demand, shown, "replicas", ScalingSample::replicas),
                  chart(demand, shown, "outstanding GPU-seconds", ScalingSample::outstanding)));
      Files.write(folder.resolve(demand.text().replace(' ', '-') + ".svg"), picture);
    }
  }

  private static LineChart chart(
      Demand demand,
      List<ScalingTrial> trials,
      String title,
      ToDoubleFunction<ScalingSample> value) {
    double most =
        trials.stream()
            .flatMap(trial -> trial.outcomes().getFirst().samples().stream())
            .mapToDouble(value)
            .max()
            .orElse(1);
    LineChart chart =
        new LineChart(
            WIDTH,
            HEIGHT,
            Axis.round("hours", 0, demand.seconds() / 3600, 1),
            Axis.round(title, 0, Math.max(1, most), 0));
    for (ScalingTrial trial : trials) {
      List<Point> points =
          trial.outcomes().getFirst().samples().stream()
              .map(sample -> new Point(sample.seconds() / 3600, value.applyAsDouble(sample)))
              .toList();
      chart.curve(trial.arm(), trial.arm().equals(AutoscaleArm.OURS), points);
    }
    return chart;
  }
}

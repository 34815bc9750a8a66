package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.autoscale.ScalingOutcome.ScalingSample;
import dev.polyptych.lab.bench.Chart;
import dev.polyptych.lab.bench.Chart.Axis;
import dev.polyptych.lab.bench.Chart.Point;
import dev.polyptych.lab.bench.Chart.Tick;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

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
      Chart.write(
          List.of(
              chart(demand, shown, "replicas", ScalingSample::replicas),
              chart(demand, shown, "outstanding GPU-seconds", ScalingSample::outstanding)),
          folder.resolve(demand.text().replace(' ', '-') + ".png"));
    }
  }

  private static Chart chart(
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
    Chart chart = new Chart(WIDTH, HEIGHT, hours(demand), upTo(title, most));
    for (ScalingTrial trial : trials) {
      List<Point> points =
          trial.outcomes().getFirst().samples().stream()
              .map(sample -> new Point(sample.seconds() / 3600, value.applyAsDouble(sample)))
              .toList();
      chart.curve(trial.arm(), trial.arm().equals(AutoscaleArm.OURS), points);
    }
    return chart;
  }

  private static Axis hours(Demand demand) {
    return new Axis(
        "hours",
        IntStream.rangeClosed(0, (int) Math.ceil(demand.seconds() / 3600))
            .mapToObj(hour -> new Tick(hour, "  " + hour))
            .toList());
  }

  /** Four marks at round numbers. */
  private static Axis upTo(String title, double most) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(4, most) / 4)));
    double step = Math.ceil(Math.max(4, most) / 4 / power) * power;
    return new Axis(
        title,
        IntStream.rangeClosed(0, 4)
            .mapToObj(i -> new Tick(i * step, String.valueOf((long) (i * step))))
            .toList());
  }
}

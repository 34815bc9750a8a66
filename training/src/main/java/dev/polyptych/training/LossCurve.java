package dev.polyptych.training;

import dev.polyptych.training.LineChart.Axis;
import dev.polyptych.training.LineChart.Pen;
import dev.polyptych.training.LossHistory.Point;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Draws losses over steps: raw in light blue, smoothed in dark blue, validation in orange.
 * Stateless; any thread.
 */
public final class LossCurve {
  private static final int WIDTH = 1200;
  private static final int HEIGHT = 720;
  private static final Pen RAW = new Pen("#7DA5D4", 0.8, false);
  private static final Pen SMOOTHED = new Pen("#1F4E8C", 2.5, false);
  private static final Pen VALIDATION = new Pen("#D9730D", 2.5, true);

  /** This part of the losses, at either end, may lie beyond the frame: single steps jump far. */
  private static final double OUTLIERS = 0.005;

  private static final double MARGIN = 0.05;
  private static final int SHORTEST_SPAN = 5;
  private static final int SPANS = 50;

  private LossCurve() {}

  /**
   * The curve as an SVG file.
   *
   * @param history with at least one loss
   */
  public static byte[] svg(LossHistory history) {
    LineChart chart = frame(history);
    chart.curve("loss", RAW, points(history.losses()));
    chart.curve("smoothed", SMOOTHED, points(smoothed(history)));
    if (!history.validations().isEmpty()) {
      chart.curve("validation", VALIDATION, points(history.validations()));
    }
    return LineChart.svg(List.of(chart));
  }

  /** Averaged over a fiftieth of the run: steady, yet bends where the loss does. */
  static List<Point> smoothed(LossHistory history) {
    return history.smoothed(Math.max(SHORTEST_SPAN, history.losses().size() / SPANS));
  }

  static LineChart frame(LossHistory history) {
    int last = history.losses().getLast().step();
    return new LineChart(WIDTH, HEIGHT, Axis.round("step", 0, last, 1), losses(history));
  }

  static Axis losses(LossHistory history) {
    double[] losses = history.losses().stream().mapToDouble(Point::loss).sorted().toArray();
    int beyond = (int) (losses.length * OUTLIERS);
    double[] shown =
        DoubleStream.concat(
                DoubleStream.of(losses[beyond], losses[losses.length - 1 - beyond]),
                history.validations().stream().mapToDouble(Point::loss))
            .sorted()
            .toArray();
    double low = shown[0];
    double high = shown[shown.length - 1];
    double margin = high > low ? MARGIN * (high - low) : Math.max(Math.abs(low), 1) * MARGIN;
    return Axis.round("loss", low - margin, high + margin, 0);
  }

  private static List<LineChart.Point> points(List<Point> points) {
    return points.stream().map(point -> new LineChart.Point(point.step(), point.loss())).toList();
  }
}

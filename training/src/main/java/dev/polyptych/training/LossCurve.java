package dev.polyptych.training;

import dev.polyptych.training.Drawing.Place;
import dev.polyptych.training.LossHistory.Point;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Draws losses over steps: raw in light blue, smoothed in dark blue, validation in orange. Needs
 * neither fonts nor a display. Stateless; any thread.
 */
public final class LossCurve {
  static final int RAW = 0xBBD3EE;
  static final int SMOOTHED = 0x1F4E8C;
  static final int VALIDATION = 0xD9730D;

  /** The same blue, but legible. */
  private static final int RAW_TEXT = 0x7DA5D4;

  private static final int GRID = 0xE4E4E4;
  private static final int INK = 0x404040;

  /** Of the losses, this part at either end may lie beyond the frame: single steps jump far. */
  private static final double OUTLIERS = 0.005;

  private static final double MARGIN = 0.05;
  private static final int SHORTEST_SPAN = 5;
  private static final int SPANS = 50;

  private LossCurve() {}

  /**
   * The curve as a PNG file.
   *
   * @param history with at least one loss
   */
  public static byte[] png(LossHistory history) {
    PlotFrame frame = frame(history);
    Drawing drawing = new Drawing(PlotFrame.WIDTH, PlotFrame.HEIGHT);
    drawAxes(drawing, frame);
    drawing.line(places(frame, history.losses()), 1.2, RAW);
    drawing.line(places(frame, smoothed(history)), 2.5, SMOOTHED);
    drawing.line(places(frame, history.validations()), 2.5, VALIDATION);
    for (Point point : history.validations()) {
      drawing.line(List.of(frame.place(point.step(), point.loss())), 8, VALIDATION);
    }
    drawKey(drawing, !history.validations().isEmpty());
    return drawing.png();
  }

  /** Averaged over a fiftieth of the run: steady, yet bends where the loss does. */
  static List<Point> smoothed(LossHistory history) {
    return history.smoothed(Math.max(SHORTEST_SPAN, history.losses().size() / SPANS));
  }

  static PlotFrame frame(LossHistory history) {
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
    return new PlotFrame(history.losses().getLast().step(), low - margin, high + margin);
  }

  private static List<Place> places(PlotFrame frame, List<Point> points) {
    return points.stream().map(point -> frame.place(point.step(), point.loss())).toList();
  }

  private static void drawAxes(Drawing drawing, PlotFrame frame) {
    for (BigDecimal step : frame.stepTicks()) {
      double x = frame.place(step.doubleValue(), frame.lowest()).x();
      line(drawing, x, PlotFrame.TOP, x, PlotFrame.BOTTOM);
      String text = step.toPlainString();
      int left = (int) x - text.length() * Drawing.ADVANCE / 2;
      drawing.text(text, left, PlotFrame.BOTTOM + 10, INK);
    }
    for (BigDecimal loss : frame.lossTicks()) {
      double y = frame.place(0, loss.doubleValue()).y();
      line(drawing, PlotFrame.LEFT, y, PlotFrame.RIGHT, y);
      String text = loss.toPlainString();
      int left = PlotFrame.LEFT - 10 - text.length() * Drawing.ADVANCE;
      drawing.text(text, left, (int) y - Drawing.TEXT_HEIGHT / 2, INK);
    }
    int middle = (PlotFrame.LEFT + PlotFrame.RIGHT) / 2;
    drawing.text("step", middle, PlotFrame.BOTTOM + 12 + 2 * Drawing.TEXT_HEIGHT, INK);
  }

  private static void drawKey(Drawing drawing, boolean validated) {
    drawing.text("loss", PlotFrame.LEFT, 18, RAW_TEXT);
    drawing.text("smoothed", PlotFrame.LEFT + 7 * Drawing.ADVANCE, 18, SMOOTHED);
    if (validated) {
      drawing.text("validation", PlotFrame.LEFT + 18 * Drawing.ADVANCE, 18, VALIDATION);
    }
  }

  private static void line(Drawing drawing, double fromX, double fromY, double toX, double toY) {
    drawing.line(List.of(new Place(fromX, fromY), new Place(toX, toY)), 1, GRID);
  }
}

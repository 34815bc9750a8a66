package dev.polyptych.training;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Curves in a frame, as SVG. The same input gives the same bytes. Needs neither fonts nor a
 * display; the viewer has them. One thread at a time.
 */
public final class LineChart {
  private static final int LEFT = 70;
  private static final int RIGHT = 150;
  private static final int TOP = 40;
  private static final int BOTTOM = 50;
  private static final int TICKS = 6;
  private static final int[] ROUND = {1, 2, 5, 10};

  /** The palette of Okabe and Ito, which colour-blind people can tell apart. */
  private static final List<String> PALETTE =
      List.of("#999999", "#E69F00", "#56B4E9", "#CC79A7", "#D55E00", "#0072B2", "#009E73");

  private final int width;
  private final int height;
  private final Axis across;
  private final Axis up;
  private final List<Curve> curves = new ArrayList<>();

  /** A mark on an axis. */
  public record Tick(double at, String label) {}

  /** What one side of the frame shows; values beyond it lie on its edge. */
  public record Axis(String title, double low, double high, List<Tick> ticks) {
    public Axis {
      ticks = List.copyOf(ticks);
    }

    /** From the first tick to the last. */
    public static Axis over(String title, List<Tick> ticks) {
      return new Axis(title, ticks.getFirst().at(), ticks.getLast().at(), ticks);
    }

    /**
     * With up to six ticks at round numbers.
     *
     * @param least the least distance of two ticks
     */
    public static Axis round(String title, double low, double high, double least) {
      return new Axis(title, low, high, roundTicks(low, high, least));
    }

    private double part(double value) {
      return (Math.clamp(value, low, high) - low) / (high - low);
    }
  }

  /** A point of a curve, in the units of the axes. */
  public record Point(double x, double y) {}

  /**
   * How a curve looks.
   *
   * @param colour in a form of SVG
   * @param dots whether its points are marked
   */
  public record Pen(String colour, double width, boolean dots) {}

  private record Curve(String name, Pen pen, List<Point> points) {}

  /**
   * @param width of the picture in pixels, names of the curves included
   */
  public LineChart(int width, int height, Axis across, Axis up) {
    this.width = width;
    this.height = height;
    this.across = across;
    this.up = up;
  }

  /**
   * Adds a curve in the next colour.
   *
   * @param bold whether it is the one to look at
   */
  public void curve(String name, boolean bold, List<Point> points) {
    String colour = PALETTE.get(curves.size() % PALETTE.size());
    curve(name, new Pen(colour, bold ? 3 : 1.5, false), points);
  }

  public void curve(String name, Pen pen, List<Point> points) {
    curves.add(new Curve(name, pen, List.copyOf(points)));
  }

  /** Charts of one width, one below the other. */
  public static byte[] svg(List<LineChart> charts) {
    int width = charts.getFirst().width;
    int height = charts.stream().mapToInt(chart -> chart.height).sum();
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$s %2$s" width="%1$s" height="%2$s" \
        font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="white"/>
        """
            .formatted(width, height));
    int top = 0;
    for (LineChart chart : charts) {
      svg.append("<g transform=\"translate(0,%s)\">\n".formatted(top));
      chart.draw(svg);
      svg.append("</g>\n");
      top += chart.height;
    }
    return svg.append("</svg>\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  double x(double value) {
    return LEFT + across.part(value) * (width - LEFT - RIGHT);
  }

  double y(double value) {
    return height - BOTTOM - up.part(value) * (height - TOP - BOTTOM);
  }

  private void draw(StringBuilder svg) {
    for (Tick tick : across.ticks()) {
      line(svg, x(tick.at()), TOP, x(tick.at()), height - BOTTOM);
      text(svg, x(tick.at()), height - BOTTOM + 16, "middle", "black", tick.label());
    }
    for (Tick tick : up.ticks()) {
      line(svg, LEFT, y(tick.at()), width - RIGHT, y(tick.at()));
      text(svg, LEFT - 8, y(tick.at()) + 4, "end", "black", tick.label());
    }
    text(svg, LEFT, TOP - 15, "start", "black", up.title());
    text(svg, (LEFT + width - RIGHT) / 2.0, height - 12, "middle", "black", across.title());
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      curve(svg, curve);
      text(svg, width - RIGHT + 10, TOP + 20 + 20 * i, "start", curve.pen().colour(), curve.name());
    }
  }

  private void curve(StringBuilder svg, Curve curve) {
    Pen pen = curve.pen();
    String line =
        thinned(curve.points()).stream()
            .map(point -> decimal(x(point.x())) + "," + decimal(y(point.y())))
            .collect(Collectors.joining(" "));
    svg.append(
        """
        <polyline fill="none" stroke="%s" stroke-width="%s" stroke-linejoin="round" points="%s"/>
        """
            .formatted(pen.colour(), pen.width(), line));
    for (Point point : pen.dots() ? curve.points() : List.<Point>of()) {
      svg.append(
          """
          <circle cx="%s" cy="%s" r="4" fill="%s"/>
          """
              .formatted(decimal(x(point.x())), decimal(y(point.y())), pen.colour()));
    }
  }

  /** Of each column of pixels the first point, the lowest and the highest: all that can be seen. */
  private List<Point> thinned(List<Point> points) {
    List<Point> kept = new ArrayList<>();
    for (int from = 0; from < points.size(); ) {
      Point first = points.get(from);
      Point low = first;
      Point high = first;
      int next = from + 1;
      while (next < points.size() && (int) x(points.get(next).x()) == (int) x(first.x())) {
        Point point = points.get(next++);
        low = point.y() < low.y() ? point : low;
        high = point.y() > high.y() ? point : high;
      }
      kept.add(first);
      if (!low.equals(first)) {
        kept.add(low);
      }
      if (!high.equals(first)) {
        kept.add(high);
      }
      from = next;
    }
    return kept;
  }

  private static void line(StringBuilder svg, double fromX, double fromY, double toX, double toY) {
    svg.append(
        """
        <line x1="%s" y1="%s" x2="%s" y2="%s" stroke="#E4E4E4"/>
        """
            .formatted(decimal(fromX), decimal(fromY), decimal(toX), decimal(toY)));
  }

  private static void text(
      StringBuilder svg, double x, double y, String anchor, String colour, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
    svg.append(
        """
        <text x="%s" y="%s" text-anchor="%s" fill="%s">%s</text>
        """
            .formatted(decimal(x), decimal(y), anchor, colour, escaped));
  }

  /** A tenth of a pixel is enough. */
  private static String decimal(double pixels) {
    return String.format(Locale.ROOT, "%.1f", pixels);
  }

  /** As decimals, so that they print as what they are. */
  private static List<Tick> roundTicks(double low, double high, double least) {
    int power = (int) Math.floor(Math.log10((high - low) / TICKS));
    BigDecimal distance = BigDecimal.ONE;
    for (int round : ROUND) {
      distance = BigDecimal.valueOf(round).scaleByPowerOfTen(power);
      if (distance.doubleValue() * TICKS >= high - low) {
        break;
      }
    }
    distance = distance.max(BigDecimal.valueOf(least));
    List<Tick> ticks = new ArrayList<>();
    long first = (long) Math.ceil(low / distance.doubleValue());
    for (long i = first; i * distance.doubleValue() <= high; i++) {
      BigDecimal at = distance.multiply(BigDecimal.valueOf(i)).stripTrailingZeros();
      ticks.add(new Tick(at.doubleValue(), at.toPlainString()));
    }
    return ticks;
  }
}

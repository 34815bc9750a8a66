package dev.polyptych.lab.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** A chart with curves. Several charts go below each other in one PNG. One thread at a time. */
public final class Chart {
  private static final int LEFT = 60;
  private static final int RIGHT = 120;
  private static final int TOP = 40;
  private static final int BOTTOM = 50;
  private static final int MARGIN = 15;

  /** The palette of Okabe and Ito, which colour-blind people can tell apart. */
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x999999),
          new Color(0xE69F00),
          new Color(0x56B4E9),
          new Color(0xCC79A7),
          new Color(0xD55E00),
          new Color(0x0072B2),
          new Color(0x009E73));

  /** A mark on an axis. */
  public record Tick(double at, String label) {}

  /** From the first mark to the last. */
  public record Axis(String title, List<Tick> ticks) {
    public Axis {
      ticks = List.copyOf(ticks);
    }

    private double low() {
      return ticks.getFirst().at();
    }

    private double part(double value) {
      double high = ticks.getLast().at();
      return (Math.clamp(value, low(), Math.max(low(), high)) - low()) / (high - low());
    }
  }

  /** A point of a curve. */
  public record Point(double x, double y) {}

  private record Curve(String name, boolean ours, List<Point> points) {}

  private final int width;
  private final int height;
  private final Axis across;
  private final Axis up;
  private final List<Curve> curves = new ArrayList<>();

  /**
   * @param width of the picture in pixels, names of the curves included
   */
  public Chart(int width, int height, Axis across, Axis up) {
    this.width = width;
    this.height = height;
    this.across = across;
    this.up = up;
  }

  /**
   * Adds a curve in the next colour.
   *
   * @param ours drawn thicker
   */
  public void curve(String name, boolean ours, List<Point> points) {
    curves.add(new Curve(name, ours, List.copyOf(points)));
  }

  /** All of one width. */
  public static void write(List<Chart> charts, Path file) throws IOException {
    int width = charts.getFirst().width;
    int height = charts.stream().mapToInt(chart -> chart.height).sum();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, width, height);
    pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    for (Chart chart : charts) {
      chart.draw(pen);
      pen.translate(0, chart.height);
    }
    pen.dispose();
    ImageIO.write(image, "png", file.toFile());
  }

  private void draw(Graphics2D pen) {
    frame(pen);
    for (int number = 0; number < curves.size(); number++) {
      Curve curve = curves.get(number);
      pen.setColor(COLOURS.get(number % COLOURS.size()));
      pen.setStroke(new BasicStroke(curve.ours() ? 3 : 1.5f));
      for (int i = 0; i + 1 < curve.points().size(); i++) {
        Point from = curve.points().get(i);
        Point to = curve.points().get(i + 1);
        pen.drawLine(x(from.x()), y(from.y()), x(to.x()), y(to.y()));
      }
      pen.drawString(curve.name(), width - RIGHT + 10, TOP + 20 + 20 * number);
    }
  }

  private void frame(Graphics2D pen) {
    pen.setColor(Color.BLACK);
    pen.setStroke(new BasicStroke(1));
    pen.drawString(up.title(), LEFT, TOP - 15);
    pen.drawString(across.title(), (LEFT + width - RIGHT) / 2 - 40, height - 12);
    pen.drawRect(LEFT, TOP, width - LEFT - RIGHT, height - TOP - BOTTOM);
    up.ticks().forEach(tick -> pen.drawString(tick.label(), 12, y(tick.at()) + 4));
    across
        .ticks()
        .forEach(tick -> pen.drawString(tick.label(), x(tick.at()) - 12, height - BOTTOM + 16));
  }

  private int x(double at) {
    return LEFT + MARGIN + (int) (across.part(at) * (width - LEFT - RIGHT - 2 * MARGIN));
  }

  private int y(double at) {
    return height - BOTTOM - (int) (up.part(at) * (height - TOP - BOTTOM));
  }
}

package dev.polyptych.simulator;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;

/** Curves over the cost of a swap, one for an arm. */
final class RoutingPlots {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 400;
  private static final int LEFT = 60;
  private static final int RIGHT = 120;
  private static final int TOP = 40;
  private static final int BOTTOM = 50;

  /** The palette of Okabe and Ito, which colour-blind people can tell apart. */
  private static final Color[] COLOURS = {
    new Color(0x999999), new Color(0xE69F00), new Color(0x56B4E9), new Color(0xCC79A7),
    new Color(0xD55E00), new Color(0x0072B2), new Color(0x009E73)
  };

  private final Graphics2D pen;
  private final List<Cell> cells;
  private final ToDoubleFunction<Outcome> value;
  private final double low;
  private final double high;

  private RoutingPlots(
      Graphics2D pen, List<Cell> cells, ToDoubleFunction<Outcome> value, double low, double high) {
    this.pen = pen;
    this.cells = cells;
    this.value = value;
    this.low = low;
    this.high = high;
  }

  /** Plots of the steady loads with a small memory, by popularity. */
  static void write(List<Cell> cells, Path folder) throws IOException {
    for (double zipf : new double[] {0.8, 1.1, 1.4}) {
      List<Cell> steady =
          cells.stream()
              .filter(
                  cell ->
                      cell.load().shape() == Load.Shape.STEADY
                          && cell.load().memory() == Memory.SMALL
                          && cell.load().workers() == 64
                          && cell.load().zipf() == zipf)
              .toList();
      String name = String.format(Locale.ROOT, "zipf-%.1f.png", zipf);
      draw(
          at(steady, 2),
          Outcome::delivered,
          new Scale("part of the capacity delivered at twice the load", 0, 1),
          folder.resolve("throughput-" + name));
      draw(
          at(steady, 0.9),
          outcome -> Math.log10(Math.max(1, outcome.p95Wait())),
          new Scale("p95 of waits at 90 % load, seconds", 0, 4),
          folder.resolve("wait-" + name));
    }
  }

  /** In powers of ten if it goes beyond 1. */
  private record Scale(String title, double low, double high) {}

  private static List<Cell> at(List<Cell> cells, double load) {
    return cells.stream().filter(cell -> cell.load().load() == load).toList();
  }

  private static void draw(
      List<Cell> cells, ToDoubleFunction<Outcome> value, Scale scale, Path file)
      throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    RoutingPlots plot = new RoutingPlots(pen, cells, value, scale.low(), scale.high());
    plot.axes(scale);
    plot.curves();
    pen.dispose();
    ImageIO.write(image, "png", file.toFile());
  }

  private void axes(Scale scale) {
    pen.setColor(Color.BLACK);
    pen.drawString(scale.title(), LEFT, TOP - 15);
    pen.drawString("swap ÷ render", (LEFT + WIDTH - RIGHT) / 2 - 40, HEIGHT - 12);
    pen.drawRect(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
    for (int i = 0; i <= 4; i++) {
      double at = low + (high - low) * i / 4;
      String label =
          high > 1
              ? String.format(Locale.ROOT, "%.0f", Math.pow(10, at))
              : String.format(Locale.ROOT, "%.2f", at);
      pen.drawString(label, 12, y(at) + 4);
    }
    for (int i = 0; i < cells.size(); i++) {
      pen.drawString(String.valueOf(cells.get(i).load().swap()), x(i) - 12, HEIGHT - BOTTOM + 16);
    }
  }

  private void curves() {
    int number = 0;
    for (String arm : Arms.all().keySet()) {
      pen.setColor(COLOURS[number]);
      pen.setStroke(new BasicStroke(arm.equals(Arms.OURS) ? 3 : 1.5f));
      for (int i = 0; i + 1 < cells.size(); i++) {
        pen.drawLine(x(i), y(value(i, arm)), x(i + 1), y(value(i + 1, arm)));
      }
      pen.drawString(arm, WIDTH - RIGHT + 10, TOP + 20 + 20 * number);
      number++;
    }
  }

  private double value(int cell, String arm) {
    return Math.clamp(value.applyAsDouble(cells.get(cell).of(arm)), low, high);
  }

  private int x(int cell) {
    int steps = Math.max(1, cells.size() - 1);
    return LEFT + 15 + cell * (WIDTH - LEFT - RIGHT - 30) / steps;
  }

  private int y(double at) {
    return HEIGHT - BOTTOM - (int) ((at - low) / (high - low) * (HEIGHT - TOP - BOTTOM));
  }
}

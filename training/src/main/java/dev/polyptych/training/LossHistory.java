package dev.polyptych.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The losses of a run, as data for a curve and as a CSV table {@code step,loss,validation} that
 * survives an interruption. Not thread-safe.
 */
public final class LossHistory {
  private static final String HEAD = "step,loss,validation";

  private final TreeMap<Integer, Double> losses = new TreeMap<>();
  private final TreeMap<Integer, Double> validations = new TreeMap<>();

  /**
   * A measured loss.
   *
   * @param step counted from 1
   */
  public record Point(int step, double loss) {}

  /**
   * Reads a table up to a step. Later rows are dropped, because a run that resumes from an earlier
   * checkpoint measures them again.
   *
   * @param lastStep step of the checkpoint
   * @throws IllegalArgumentException if the text is no such table
   */
  public static LossHistory parse(String csv, int lastStep) {
    LossHistory history = new LossHistory();
    List<String> lines = csv.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(HEAD)) {
      throw new IllegalArgumentException("not a table of losses: it must begin with " + HEAD);
    }
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      if (cells.length != 3) {
        throw new IllegalArgumentException("not a row of a table of losses: " + line);
      }
      int step = Integer.parseInt(cells[0]);
      if (step <= lastStep) {
        put(history.losses, step, cells[1]);
        put(history.validations, step, cells[2]);
      }
    }
    return history;
  }

  /**
   * Adds the loss of a step.
   *
   * @throws IllegalArgumentException if it is not finite
   */
  public void add(int step, double loss) {
    losses.put(step, finite(loss));
  }

  /**
   * Adds the validation loss after a step.
   *
   * @throws IllegalArgumentException if it is not finite
   */
  public void addValidation(int step, double loss) {
    validations.put(step, finite(loss));
  }

  /** Training losses, by step. */
  public List<Point> losses() {
    return points(losses);
  }

  /** Validation losses, by step; usually fewer than the training losses. */
  public List<Point> validations() {
    return points(validations);
  }

  /**
   * The exponential moving average of the training losses over about {@code span} steps, one point
   * for each step. Single losses vary mostly because timesteps and noise vary.
   */
  public List<Point> smoothed(int span) {
    double keep = 1 - 2.0 / (span + 1);
    double sum = 0;
    double weight = 0;
    List<Point> smoothed = new ArrayList<>();
    for (Map.Entry<Integer, Double> loss : losses.entrySet()) {
      sum = keep * sum + loss.getValue();
      weight = keep * weight + 1;
      smoothed.add(new Point(loss.getKey(), sum / weight));
    }
    return smoothed;
  }

  /** The table that {@link #parse} reads. */
  public String csv() {
    TreeMap<Integer, String> rows = new TreeMap<>();
    losses.forEach((step, loss) -> rows.put(step, cell(loss) + ","));
    validations.forEach((step, loss) -> rows.merge(step, "," + cell(loss), LossHistory::joined));
    StringBuilder csv = new StringBuilder(HEAD).append('\n');
    rows.forEach((step, cells) -> csv.append(step).append(',').append(cells).append('\n'));
    return csv.toString();
  }

  private static String joined(String loss, String validation) {
    return loss + validation.substring(1);
  }

  private static String cell(double loss) {
    return String.format(Locale.ROOT, "%.7g", loss);
  }

  private static void put(Map<Integer, Double> points, int step, String cell) {
    if (!cell.isEmpty()) {
      points.put(step, Double.valueOf(cell));
    }
  }

  private static List<Point> points(Map<Integer, Double> points) {
    return points.entrySet().stream()
        .map(entry -> new Point(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static double finite(double loss) {
    if (!Double.isFinite(loss)) {
      throw new IllegalArgumentException("a loss must be finite, was " + loss);
    }
    return loss;
  }
}

package dev.polyptych.training.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds panels along one axis of a sheet by its white lines. A white run is a gap only if it is
 * near a line where equal panels would meet, and only if it is short: a long one is the white
 * background of a panel. If a gap is missing, the range between its neighbours is divided equally.
 */
final class PanelBands {
  /** The longest gap or border is this fraction of a panel's edge. */
  private static final int LONGEST_PART = 8;

  /** A gap is at most this fraction of a panel's edge away from the line. */
  private static final int NEAR_PART = 5;

  /** Fewer white lines than this are a bright line of the picture. */
  private static final int NARROWEST = 2;

  /** Lines beside a gap that JPEG mixed with white. */
  private static final int FRINGE = 2;

  private static final int SMALLEST_PANEL = 16;

  private final boolean[] white;
  private final int begin;
  private final int end;
  private final int edge;
  private final int longest;

  private PanelBands(boolean[] white, int count) {
    this.white = white;
    this.longest = white.length / count / LONGEST_PART;
    int leading = runFrom(0);
    int trailing = runTo(white.length);
    this.begin = leading <= longest ? withFringe(leading) : 0;
    this.end = white.length - (trailing <= longest ? withFringe(trailing) : 0);
    this.edge = (end - begin) / count;
  }

  /** Lines {@code from} to before {@code to}. */
  record Band(int from, int to) {
    int length() {
      return to - from;
    }

    int distance(int line) {
      return line < from ? from - line : Math.max(0, line - to);
    }
  }

  /**
   * @param white whether each line of the axis is white
   * @param count number of panels along the axis
   * @return one band for each panel, none empty
   * @throws IllegalArgumentException if there are fewer than 16 lines a panel
   */
  static List<Band> find(boolean[] white, int count) {
    if (white.length < SMALLEST_PANEL * count) {
      throw new IllegalArgumentException(
          "%d pixels can't be cut into %d panels".formatted(white.length, count));
    }
    PanelBands bands = new PanelBands(white, count);
    List<Band> panels = new ArrayList<>();
    int from = bands.begin;
    int waiting = 1;
    for (int cut = 1; cut < count; cut++) {
      Optional<Band> gap = bands.gap(bands.begin + cut * bands.edge);
      if (gap.isPresent()) {
        panels.addAll(equal(new Band(from, gap.get().from()), waiting));
        from = gap.get().to();
        waiting = 0;
      }
      waiting++;
    }
    panels.addAll(equal(new Band(from, bands.end), waiting));
    return panels;
  }

  /** Divides a range with missing gaps equally. */
  private static List<Band> equal(Band stretch, int count) {
    List<Band> parts = new ArrayList<>();
    for (int part = 0; part < count; part++) {
      parts.add(
          new Band(
              stretch.from() + stretch.length() * part / count,
              stretch.from() + stretch.length() * (part + 1) / count));
    }
    return parts;
  }

  private Optional<Band> gap(int line) {
    return runs().stream()
        .filter(run -> run.length() <= longest && run.distance(line) <= edge / NEAR_PART)
        .max(
            Comparator.comparingInt(Band::length)
                .thenComparing(
                    Comparator.comparingInt((Band run) -> run.distance(line)).reversed()))
        .map(run -> new Band(run.from() - FRINGE, run.to() + FRINGE));
  }

  private List<Band> runs() {
    List<Band> runs = new ArrayList<>();
    for (int line = begin; line < end; line++) {
      int length = Math.min(runFrom(line), end - line);
      if (length >= NARROWEST) {
        runs.add(new Band(line, line + length));
      }
      line += length;
    }
    return runs;
  }

  private int withFringe(int border) {
    return border == 0 ? 0 : border + FRINGE;
  }

  private int runFrom(int line) {
    int reached = line;
    while (reached < white.length && white[reached]) {
      reached++;
    }
    return reached - line;
  }

  private int runTo(int line) {
    int reached = line;
    while (reached > 0 && white[reached - 1]) {
      reached--;
    }
    return line - reached;
  }
}

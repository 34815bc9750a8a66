package dev.polyptych.engine.sheet;

import static dev.polyptych.engine.sheet.SheetPixels.BYTES_A_PIXEL;

import java.util.Arrays;

/**
 * Makes a picture fill a panel. It crops the picture around its centre to the panel's proportions,
 * then scales it with a Lanczos filter of radius 3; when shrinking, the filter is wider. The result
 * has the same bytes as Pillow's {@code ImageOps.fit} (ImageOps.py, libImaging/Resample.c):
 * fixed-point coefficients, rows first, 8 bits in between. (If columns are cheaper, Pillow takes
 * them first; its rounding then differs by a few levels at sharp edges.)
 */
public final class PanelFit {
  private static final int RADIUS = 3;
  private static final int PRECISION_BITS = 22;

  private PanelFit() {}

  /** A range along a picture's edge, in pixels. */
  private record Cut(double from, double to) {}

  /**
   * How a line is scaled: pixel i is the sum of {@code weights[i]} over pixels {@code first[i]} on.
   */
  private record Filter(int[] first, int[][] weights) {
    /** The pixels that any sum needs. */
    int begin() {
      return first[0];
    }

    int end() {
      return first[first.length - 1] + weights[first.length - 1].length;
    }

    /** The same filter for a line without its first pixels. */
    Filter without(int pixels) {
      return new Filter(Arrays.stream(first).map(place -> place - pixels).toArray(), weights);
    }
  }

  /**
   * Fits a picture. Returns the same object if it already has the size.
   *
   * @param width of the panel in pixels
   * @param height of the panel in pixels
   */
  public static SheetPixels fit(SheetPixels picture, int width, int height) {
    if (picture.width() == width && picture.height() == height) {
      return picture;
    }
    double proportion = (double) width / height;
    boolean wide = (double) picture.width() / picture.height() >= proportion;
    double cutWidth = wide ? proportion * picture.height() : picture.width();
    double cutHeight = wide ? picture.height() : picture.width() / proportion;
    Filter across = filter(picture.width(), centred(picture.width(), cutWidth), width);
    Filter down = filter(picture.height(), centred(picture.height(), cutHeight), height);
    SheetPixels scaled = scaleRows(picture, across, down.begin(), down.end());
    Filter within = down.without(down.begin());
    return transposed(scaleRows(transposed(scaled), within, 0, width));
  }

  private static Cut centred(int edge, double length) {
    double from = (edge - length) * 0.5;
    return new Cut(from, from + length);
  }

  private static Filter filter(int edge, Cut cut, int length) {
    double scale = (cut.to() - cut.from()) / length;
    double widening = Math.max(scale, 1);
    double support = RADIUS * widening;
    int[] first = new int[length];
    int[][] weights = new int[length][];
    for (int i = 0; i < length; i++) {
      double centre = cut.from() + (i + 0.5) * scale;
      first[i] = Math.max((int) (centre - support + 0.5), 0);
      int end = Math.min((int) (centre + support + 0.5), edge);
      weights[i] = weights(first[i], end, centre, widening);
    }
    return new Filter(first, weights);
  }

  private static int[] weights(int first, int end, double centre, double widening) {
    double[] exact = new double[end - first];
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      exact[i] = lanczos((i + first - centre + 0.5) / widening);
      sum += exact[i];
    }
    int[] fixed = new int[exact.length];
    for (int i = 0; i < fixed.length; i++) {
      double scaled = exact[i] / sum * (1 << PRECISION_BITS);
      fixed[i] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    return fixed;
  }

  private static double lanczos(double x) {
    return x >= -RADIUS && x < RADIUS ? sinc(x) * sinc(x / RADIUS) : 0;
  }

  /** StrictMath gives the same weights on every machine. */
  private static double sinc(double x) {
    return x == 0 ? 1 : StrictMath.sin(x * StrictMath.PI) / (x * StrictMath.PI);
  }

  /** Scales some rows only, so that the rest of a long picture costs nothing. */
  private static SheetPixels scaleRows(SheetPixels picture, Filter filter, int begin, int end) {
    int width = filter.first().length;
    byte[] rgb =
        new byte[Math.multiplyExact(Math.multiplyExact(BYTES_A_PIXEL, width), end - begin)];
    for (int i = 0; i < rgb.length; i++) {
      int x = i / BYTES_A_PIXEL % width;
      int row = (begin + i / BYTES_A_PIXEL / width) * picture.width();
      int place = (row + filter.first()[x]) * BYTES_A_PIXEL + i % BYTES_A_PIXEL;
      int sum = 1 << (PRECISION_BITS - 1);
      for (int weight : filter.weights()[x]) {
        sum += weight * (picture.rgb()[place] & 255);
        place += BYTES_A_PIXEL;
      }
      rgb[i] = (byte) Math.clamp(sum >> PRECISION_BITS, 0, 255);
    }
    return new SheetPixels(width, end - begin, rgb);
  }

  private static SheetPixels transposed(SheetPixels picture) {
    byte[] rgb = new byte[picture.rgb().length];
    for (int i = 0; i < rgb.length; i++) {
      int pixel = i / BYTES_A_PIXEL;
      int x = pixel % picture.width();
      int y = pixel / picture.width();
      rgb[(x * picture.height() + y) * BYTES_A_PIXEL + i % BYTES_A_PIXEL] = picture.rgb()[i];
    }
    return new SheetPixels(picture.height(), picture.width(), rgb);
  }
}

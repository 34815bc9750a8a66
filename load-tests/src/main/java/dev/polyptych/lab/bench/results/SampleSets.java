package dev.polyptych.lab.bench.results;

import dev.polyptych.engine.sheet.PanelCutter;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.store.RenderedSet;
import dev.polyptych.worker.publish.ImageEncoder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Encoded sets. Their sheets are slopes with a little noise, which PNG packs about as well as drawn
 * ones. They are cut and encoded as a worker does it, once: that costs far more than storing them.
 */
final class SampleSets {
  /** Values of the noise. With five, a sheet of 1344 x 1728 pixels takes 3.5 MB. */
  private static final int NOISE = 5;

  private static final int SHADES = 240;

  private final List<RenderedSet> sets;

  SampleSets(Layout layout, int different) {
    sets = IntStream.range(0, different).mapToObj(seed -> set(layout, seed)).toList();
  }

  RenderedSet get(int number) {
    return sets.get(number % sets.size());
  }

  private static RenderedSet set(Layout layout, long seed) {
    SheetPixels sheet = sheet(layout.sheetWidth(), layout.sheetHeight(), seed);
    return new RenderedSet(
        ImageEncoder.encode(sheet, ImageFormat.PNG),
        PanelCutter.cut(sheet, layout).stream()
            .map(panel -> ImageEncoder.encode(panel, ImageFormat.PNG))
            .toList());
  }

  private static SheetPixels sheet(int width, int height, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] rgb = new byte[SheetPixels.BYTES_A_PIXEL * width * height];
    for (int i = 0; i < rgb.length; i++) {
      int pixel = i / SheetPixels.BYTES_A_PIXEL;
      int slope = (pixel % width + pixel / width) * SHADES / (width + height);
      rgb[i] = (byte) (slope + random.nextInt(NOISE));
    }
    return new SheetPixels(width, height, rgb);
  }
}

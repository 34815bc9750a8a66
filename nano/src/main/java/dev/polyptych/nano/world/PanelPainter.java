package dev.polyptych.nano.world;

import dev.polyptych.nano.world.CutOuts.CutOut;
import dev.polyptych.nano.world.StatedAttributes.Size;
import dev.polyptych.nano.world.StatedAttributes.Weather;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/**
 * Paints panels of one size. Thread-safe. It caches drawings, so use one painter for many panels.
 */
public final class PanelPainter {
  private static final int SMALLEST = 16;

  /** The position of the lower edge of big and small subjects in a scene. */
  private static final double BIG_FOOT = 0.955;

  private static final double SMALL_FOOT = 0.90;

  /** The largest jitter of a subject's position, as a fraction of the panel's height. */
  private static final double SIDEWAYS = 0.015;

  private static final double UPWARDS = 0.01;

  private final int width;
  private final int height;
  private final Backdrops backdrops;
  private final CutOuts cutOuts = new CutOuts();

  /**
   * @param width pixels, at least the height
   * @param height pixels, at least 16
   */
  public PanelPainter(int width, int height) {
    if (height < SMALLEST || width < height) {
      throw new IllegalArgumentException(
          "a panel of %d x %d pixels cannot be drawn; it must be %d pixels high or more, and no less wide than high"
              .formatted(width, height, SMALLEST));
    }
    this.width = width;
    this.height = height;
    backdrops = new Backdrops(width, height);
  }

  /**
   * The panel's picture.
   *
   * @param seed affects only the jitter of background, subject and dust
   * @return of type INT_RGB, the same pixels for the same panel and seed
   */
  public BufferedImage paint(Panel panel, long seed) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    paint(graphics, panel, new SplittableRandom(seed));
    graphics.dispose();
    return picture;
  }

  /**
   * The whole set on one sheet, without gaps.
   *
   * @return of type INT_RGB
   */
  public BufferedImage paintSheet(PanelSet set, long seed) {
    int columns = set.arrangement().columns();
    BufferedImage sheet =
        new BufferedImage(
            columns * width, set.arrangement().rows() * height, BufferedImage.TYPE_INT_RGB);
    SplittableRandom random = new SplittableRandom(seed);
    Graphics2D graphics = sheet.createGraphics();
    for (int i = 0; i < set.panels().size(); i++) {
      BufferedImage picture = paint(set.panels().get(i), random.nextLong());
      graphics.drawImage(picture, i % columns * width, i / columns * height, null);
    }
    graphics.dispose();
    return sheet;
  }

  private void paint(Graphics2D graphics, Panel panel, SplittableRandom random) {
    StatedAttributes stated = panel.stated();
    int variant = random.nextInt(Backdrops.VARIANTS);
    graphics.drawImage(backdrops.ground(stated.place(), stated.weather(), variant), 0, 0, null);
    paintSubject(graphics, panel, random);
    if (stated.weather() == Weather.SANDSTORM) {
      graphics.drawImage(backdrops.streaks(random.nextInt(Backdrops.VARIANTS)), 0, 0, null);
    }
  }

  private void paintSubject(Graphics2D graphics, Panel panel, SplittableRandom random) {
    StatedAttributes stated = panel.stated();
    int extent = (int) Math.round(extent(stated) * height);
    CutOut cutOut = cutOuts.of(stated.subject(), panel.open(), extent);
    double middle = stated.position().fraction() * width + SIDEWAYS * height * balanced(random);
    double top =
        foot(stated, extent, cutOut) - cutOut.height() - UPWARDS * height * random.nextDouble();
    int x = (int) Math.round(middle - cutOut.width() / 2.0);
    int y = (int) Math.round(top);
    graphics.drawImage(cutOut.picture(), x - cutOut.margin(), y - cutOut.margin(), null);
    if (!stated.subject().letter()) {
      graphics.translate(x + cutOut.width() / 2.0, y);
      Wardrobe.dress(graphics, panel.open(), cutOut.height(), extent);
      graphics.translate(-x - cutOut.width() / 2.0, -y);
    }
  }

  private static double extent(StatedAttributes stated) {
    return stated.place().medium() ? Media.extent(stated.place()) : stated.size().extent();
  }

  /**
   * The lower edge of the subject in pixels. A print is centred on its medium, so the lower edge of
   * a wide subject is higher there.
   */
  private double foot(StatedAttributes stated, int extent, CutOut cutOut) {
    if (stated.place().medium()) {
      return Media.foot(stated.place()) * height - (extent - cutOut.height()) / 2.0;
    }
    return height * (stated.size() == Size.BIG ? BIG_FOOT : SMALL_FOOT);
  }

  /** From -1 to 1. */
  private static double balanced(SplittableRandom random) {
    return 2 * random.nextDouble() - 1;
  }
}

package dev.polyptych.nano.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.nano.score.SetScore.Share;
import dev.polyptych.nano.train.SheetBatch;
import dev.polyptych.nano.world.Panel;
import dev.polyptych.nano.world.PanelPainter;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The accuracy of a scorer on painted panels, whose attributes are known.
 *
 * @param plain by attribute, for painted panels
 * @param reconstructed for the same panels through the model's autoencoder
 */
public record ScorerValidation(Map<Attribute, Share> plain, Map<Attribute, Share> reconstructed) {
  /** Different from any seed of a training, so that the scorer has not seen the panels. */
  private static final long SEED = 0x5C0EE5EED0L;

  private static final int BATCH = 64;

  public ScorerValidation {
    plain = Map.copyOf(plain);
    reconstructed = Map.copyOf(reconstructed);
  }

  /**
   * Validates a scorer.
   *
   * @param panels number of panels to read
   */
  public static ScorerValidation of(
      Scorer scorer, Reconstruction reconstruction, int panels, NDManager manager) {
    PanelPainter painter = new PanelPainter(ScorerNetwork.EDGE, ScorerNetwork.EDGE);
    RandomPanels source = new RandomPanels();
    SplittableRandom chance = new SplittableRandom(SEED);
    Map<Attribute, Share> plain = new EnumMap<>(Attribute.class);
    Map<Attribute, Share> reconstructed = new EnumMap<>(Attribute.class);
    for (int done = 0; done < panels; done += BATCH) {
      List<Panel> shown = source.next(Math.min(BATCH, panels - done), chance);
      List<BufferedImage> painted = new ArrayList<>();
      shown.forEach(panel -> painted.add(painter.paint(panel, chance.nextLong())));
      try (NDManager work = manager.newSubManager()) {
        NDArray pictures = SheetBatch.of(painted, work);
        add(shown, scorer.read(pictures), plain);
        add(shown, scorer.read(reconstruction.of(pictures, 0, 0, work)), reconstructed);
      }
    }
    return new ScorerValidation(plain, reconstructed);
  }

  private static void add(List<Panel> shown, List<PanelReading> read, Map<Attribute, Share> to) {
    SetScore.accuracy(shown, read, attribute -> true)
        .forEach((attribute, share) -> to.merge(attribute, share, Share::plus));
  }
}

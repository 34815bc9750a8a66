package dev.polyptych.nano.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.model.Autoencoder;
import dev.polyptych.nano.world.Arrangement;
import dev.polyptych.nano.world.Constancy;
import dev.polyptych.nano.world.PanelPainter;
import dev.polyptych.nano.world.PanelSet;
import dev.polyptych.nano.world.WorldSampler;
import dev.polyptych.tokenizers.PromptTokenizer;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Batches of sheets of one arrangement. A part of each batch is painted and encoded anew, the rest
 * is taken from what earlier batches encoded: encoding costs about as much as learning.
 */
final class Lessons {
  private static final int KEPT = 4096;

  private final World world;
  private final Texts texts;
  private final Autoencoder autoencoder;
  private final NDManager manager;
  private final Map<Arrangement, List<Lesson>> kept = new HashMap<>();

  /**
   * What the sheets show.
   *
   * @param agreeing share of the sets whose panels agree in some open attributes
   */
  record World(WorldSampler sampler, PanelPainter painter, SheetPrompts prompts, double agreeing) {
    private Drawn next(RandomGenerator chance) {
      boolean agrees = agreeing > 0 && chance.nextDouble() < agreeing;
      Constancy constancy = agrees ? Constancy.PARTLY_AGREEING : Constancy.DRIFTING;
      return new Drawn(sampler.base(constancy, chance), agrees);
    }
  }

  /** A set, and whether its panels agree in some open attributes. */
  record Drawn(PanelSet set, boolean agreeing) {}

  /**
   * What reads their prompts.
   *
   * @param dropout share of the sheets that are learnt with an empty prompt
   * @param fresh one in so many sheets of a batch is painted and encoded anew
   */
  record Texts(PromptTokenizer t5, PromptTokenizer clip, double dropout, int fresh) {}

  Lessons(World world, Texts texts, Autoencoder autoencoder, NDManager manager) {
    this.world = world;
    this.texts = texts;
    this.autoencoder = autoencoder;
    this.manager = manager;
  }

  /** Sheets of one arrangement. */
  record Batch(Arrangement arrangement, List<Lesson> lessons) {}

  /**
   * The next batch.
   *
   * @param panels about as many, whatever their arrangement
   */
  Batch next(int panels, RandomGenerator chance) {
    Drawn first = world.next(chance);
    Arrangement arrangement = first.set().arrangement();
    int count = Math.max(1, panels / arrangement.panels());
    List<Lesson> known = kept.computeIfAbsent(arrangement, key -> new ArrayList<>());
    int fresh = known.size() < KEPT / texts.fresh() ? count : Math.ceilDiv(count, texts.fresh());
    List<Drawn> sets = new ArrayList<>(List.of(first));
    while (sets.size() < fresh) {
      Drawn drawn = world.next(chance);
      if (drawn.set().arrangement().equals(arrangement)) {
        sets.add(drawn);
      }
    }
    List<Lesson> batch = encode(sets, chance);
    List<Lesson> encoded = List.copyOf(batch);
    while (batch.size() < count) {
      batch.add(known.get(chance.nextInt(known.size())));
    }
    keep(encoded, known, chance);
    return new Batch(arrangement, batch);
  }

  private static void keep(List<Lesson> encoded, List<Lesson> known, RandomGenerator chance) {
    for (Lesson lesson : encoded) {
      if (known.size() < KEPT) {
        known.add(lesson);
      } else {
        known.set(chance.nextInt(KEPT), lesson);
      }
    }
  }

  /** Paints and encodes sets of one arrangement. */
  List<Lesson> encode(List<Drawn> sets, RandomGenerator chance) {
    List<BufferedImage> sheets =
        sets.stream()
            .map(drawn -> world.painter().paintSheet(drawn.set(), chance.nextLong()))
            .toList();
    try (NDManager work = manager.newSubManager();
        NDArray pictures = SheetBatch.of(sheets, work)) {
      float[] latents = autoencoder.encode(pictures, work).toFloatArray();
      int length = latents.length / sets.size();
      List<Lesson> lessons = new ArrayList<>();
      for (int i = 0; i < sets.size(); i++) {
        float[] own = Arrays.copyOfRange(latents, i * length, (i + 1) * length);
        boolean silent = chance.nextDouble() < texts.dropout();
        Drawn drawn = sets.get(i);
        String prompt = silent ? "" : world.prompts().of(drawn.set());
        lessons.add(
            new Lesson(own, drawn.agreeing(), texts.t5().ids(prompt), texts.clip().ids(prompt)));
      }
      return lessons;
    }
  }
}

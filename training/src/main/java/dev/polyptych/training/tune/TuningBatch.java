package dev.polyptych.training.tune;

import dev.polyptych.engine.model.SeededNormal;
import dev.polyptych.training.CleanPanels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The random choices of one step.
 *
 * @param places indices of the sets
 * @param sigmas noise level of each set, 0 to 1
 * @param silent whether each set gets an empty caption
 * @param drawn (sets, tokens): 1 where a sheet is noisy and learnt, 0 where it is clean
 */
record TuningBatch(
    List<Integer> places,
    float[] sigmas,
    List<Boolean> silent,
    long noiseSeed,
    List<float[]> drawn) {
  /** Noise levels at which a held-out set is measured. */
  private static final float[] MEASURED = {0.2f, 0.4f, 0.6f, 0.8f};

  /**
   * The batch of a step. Sets come in a new order in each epoch. Timesteps are the logistic of a
   * normal variable, as in ai-toolkit, and then shifted.
   *
   * @param sets number of sets
   */
  static TuningBatch of(TuningOptions options, int sets, CleanPanels panels, int step) {
    // Mixed twice: the streams of consecutive seeds could be shifted copies of each other.
    long mixed = new SplittableRandom(options.seed() ^ ((long) step << Integer.SIZE)).nextLong();
    SplittableRandom random = new SplittableRandom(mixed);
    List<Integer> places = new ArrayList<>();
    List<Boolean> silent = new ArrayList<>();
    for (int i = 0; i < options.batch(); i++) {
      long shown = (long) step * options.batch() + i;
      places.add(order(options.seed() + shown / sets, sets).get((int) (shown % sets)));
      silent.add(random.nextDouble() < options.captionDropout());
    }
    float[] sigmas = new SeededNormal(random.nextLong()).numbers(options.batch());
    for (int i = 0; i < sigmas.length; i++) {
      double shift = options.timestepShifts().get(i % options.timestepShifts().size());
      sigmas[i] = (float) (1 / (1 + Math.exp(-sigmas[i]) / shift));
    }
    long noiseSeed = random.nextLong();
    List<float[]> drawn = new ArrayList<>();
    for (int i = 0; i < options.batch(); i++) {
      boolean some = panels.several() && random.nextDouble() < options.cleanPanels();
      drawn.add(panels.drawn(some ? panels.choose(random) : panels.none()));
    }
    return new TuningBatch(places, sigmas, silent, noiseSeed, drawn);
  }

  /** One set at several noise levels, always with the same noise. */
  static TuningBatch validation(long seed, CleanPanels panels, int place) {
    List<Integer> places = Collections.nCopies(MEASURED.length, place);
    List<Boolean> silent = Collections.nCopies(MEASURED.length, false);
    List<float[]> drawn = Collections.nCopies(MEASURED.length, panels.drawn(panels.none()));
    return new TuningBatch(places, MEASURED.clone(), silent, seed * 31 + place, drawn);
  }

  /** The captions, with {@code silence} in place of the silent ones. */
  <T> List<T> select(List<T> captions, T silence) {
    return IntStream.range(0, captions.size())
        .mapToObj(i -> silent.get(i) ? silence : captions.get(i))
        .toList();
  }

  private static List<Integer> order(long seed, int sets) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, sets).boxed().toList());
    Collections.shuffle(order, new Random(seed));
    return order;
  }
}

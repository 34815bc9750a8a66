package dev.polyptych.training.tune;

import dev.polyptych.engine.model.SeededNormal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What is random about one step.
 *
 * @param places of the sets to show
 * @param sigmas a noise level a set, 0 to 1
 * @param silent whether a set is shown with an empty caption
 */
record TuningBatch(List<Integer> places, float[] sigmas, List<Boolean> silent, long noiseSeed) {
  /** Levels at which a set held out is measured. */
  private static final float[] MEASURED = {0.2f, 0.4f, 0.6f, 0.8f};

  /**
   * The batch of a step: sets in a new order each time that all have been shown, timesteps the
   * logistic of a normal, as ai-toolkit draws them, then shifted.
   *
   * @param sets how many there are
   */
  static TuningBatch of(TuningOptions options, int sets, int step) {
    // Twice: the streams of seeds in a row could be one stream, begun a draw later.
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
    return new TuningBatch(places, sigmas, silent, random.nextLong());
  }

  /** The same set at several levels, always with the same noise. */
  static TuningBatch validation(long seed, int place) {
    List<Integer> places = Collections.nCopies(MEASURED.length, place);
    List<Boolean> silent = Collections.nCopies(MEASURED.length, false);
    return new TuningBatch(places, MEASURED.clone(), silent, seed * 31 + place);
  }

  /** The captions, some of them silenced. */
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

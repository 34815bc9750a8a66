package dev.polyptych.training.tune;

import dev.polyptych.schema.catalog.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * All panel sets of a folder.
 *
 * @param sets at least one, in the order of their names
 * @param warnings what should be looked at but does not prevent training, a sentence each
 */
public record TrainingSets(List<TrainingSet> sets, List<String> warnings) {
  /** Fewer sets are learnt by heart. */
  static final int FEWEST = 20;

  /** More are no few-shot tuning any more. */
  static final int MOST = 100;

  public TrainingSets {
    sets = List.copyOf(sets);
    warnings = List.copyOf(warnings);
  }

  /** Sets to train on, and sets held out to measure on. */
  public record Split(List<TrainingSet> training, List<TrainingSet> validation) {
    public Split {
      training = List.copyOf(training);
      validation = List.copyOf(validation);
    }
  }

  /**
   * Reads a folder and decodes each picture once to check it. A set is either
   *
   * <ul>
   *   <li>a subfolder with one picture a panel, in the order of their names (numbers count as
   *       numbers), and {@code caption.txt}, or
   *   <li>a picture of the whole sheet, panels with or without white gaps between them, and beside
   *       it a text file of the same name with the caption.
   * </ul>
   *
   * @throws TrainingSetsException listing everything wrong with the folder
   */
  public static TrainingSets read(Path folder, Task task) {
    return new TrainingSetsReader(task).read(folder);
  }

  /**
   * Holds sets out for validation: the same ones for the same seed, and never the last one.
   *
   * @param share 0 to 1, of all sets; rounded to whole sets
   */
  public Split split(double share, long seed) {
    List<TrainingSet> shuffled = new ArrayList<>(sets);
    Collections.shuffle(shuffled, new Random(seed));
    int held = Math.clamp(Math.round(share * sets.size()), 0, sets.size() - 1);
    return new Split(
        shuffled.subList(held, shuffled.size()), List.copyOf(shuffled.subList(0, held)));
  }
}

package dev.polyptych.training.tune;

import dev.polyptych.schema.catalog.Task;
import dev.polyptych.tokenizers.PromptTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * All panel sets of a folder.
 *
 * @param sets at least one, in the order of their names
 * @param warnings sentences about problems that do not prevent training
 */
public record TrainingSets(List<TrainingSet> sets, List<String> warnings) {
  /** With fewer sets the adapter memorises them. */
  static final int FEWEST = 20;

  /** Few-shot tuning uses at most this many sets. */
  static final int MOST = 100;

  public TrainingSets {
    sets = List.copyOf(sets);
    warnings = List.copyOf(warnings);
  }

  /** Sets to train on, and held-out sets for validation. */
  public record Split(List<TrainingSet> training, List<TrainingSet> validation) {
    public Split {
      training = List.copyOf(training);
      validation = List.copyOf(validation);
    }
  }

  /**
   * Reads a folder and decodes each picture once as a check. A set is either
   *
   * <ul>
   *   <li>a subfolder with {@code caption.txt} and one picture for each panel, sorted by name
   *       (numbers are sorted as numbers), or
   *   <li>a picture of the whole sheet, with or without white gaps between the panels, and a text
   *       file of the same name with the caption.
   * </ul>
   *
   * @throws TrainingSetsException with all problems of the folder
   */
  public static TrainingSets read(Path folder, Task task) {
    return new TrainingSetsReader(task).read(folder);
  }

  /**
   * Sentences about captions whose end the model's main text encoder does not read.
   *
   * @param main its tokenizer
   */
  public List<String> tooLong(PromptTokenizer main) {
    return sets.stream()
        .filter(set -> main.count(set.caption()) > main.length())
        .map(
            set ->
                "%s: its caption has %d tokens, %d more than the %d that the model reads"
                    .formatted(
                        set.name(),
                        main.count(set.caption()),
                        main.count(set.caption()) - main.length(),
                        main.length()))
        .toList();
  }

  /**
   * Splits off sets for validation. Equal seeds give equal splits. At least one set remains for
   * training.
   *
   * @param share share of held-out sets, 0 to 1; rounded to whole sets
   */
  public Split split(double share, long seed) {
    List<TrainingSet> shuffled = new ArrayList<>(sets);
    Collections.shuffle(shuffled, new Random(seed));
    int held = Math.clamp(Math.round(share * sets.size()), 0, sets.size() - 1);
    return new Split(
        shuffled.subList(held, shuffled.size()), List.copyOf(shuffled.subList(0, held)));
  }
}

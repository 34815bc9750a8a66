package dev.polyptych.training.tune;

import java.nio.file.Path;
import java.util.List;

/** Unusable panel sets. The message lists all problems, one on each line. */
public final class TrainingSetsException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 40;

  TrainingSetsException(Path folder, List<String> problems) {
    super(message(folder, problems));
  }

  private static String message(Path folder, List<String> problems) {
    StringBuilder text = new StringBuilder("the panel sets in " + folder + " can't be used:");
    problems.stream().limit(SHOWN).forEach(problem -> text.append("\n  ").append(problem));
    if (problems.size() > SHOWN) {
      text.append("\n  and ").append(problems.size() - SHOWN).append(" more");
    }
    return text.toString();
  }
}

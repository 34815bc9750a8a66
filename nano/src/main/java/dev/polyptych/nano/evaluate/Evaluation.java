package dev.polyptych.nano.evaluate;

import dev.polyptych.nano.evaluate.EvaluationPlan.Contender;
import dev.polyptych.nano.evaluate.TaskResult.Summary;
import dev.polyptych.nano.score.ScorerValidation;
import java.util.List;

/**
 * The result of an evaluation.
 *
 * @param scorer accuracy of the scorer
 * @param device device and compute type, for people
 */
public record Evaluation(ScorerValidation scorer, List<TaskResult> tasks, String device) {
  public Evaluation {
    tasks = List.copyOf(tasks);
  }

  /** The summary of the base over the sets of all tasks. */
  public Summary base() {
    return Summary.of(
        tasks.stream()
            .flatMap(task -> task.scores().get(Contender.BASE).drawn().stream())
            .toList());
  }
}

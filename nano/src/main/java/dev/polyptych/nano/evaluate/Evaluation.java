package dev.polyptych.nano.evaluate;

import dev.polyptych.nano.evaluate.EvaluationPlan.Contender;
import dev.polyptych.nano.evaluate.TaskResult.Summary;
import dev.polyptych.nano.score.ScorerValidation;
import java.util.List;

/**
 * All that was measured.
 *
 * @param scorer how far its readings can be trusted
 * @param device what drew, and in which type, for people
 */
public record Evaluation(ScorerValidation scorer, List<TaskResult> tasks, String device) {
  public Evaluation {
    tasks = List.copyOf(tasks);
  }

  /** What the base alone comes to, over the sets of all tasks. */
  public Summary base() {
    return Summary.of(
        tasks.stream()
            .flatMap(task -> task.scores().get(Contender.BASE).drawn().stream())
            .toList());
  }
}

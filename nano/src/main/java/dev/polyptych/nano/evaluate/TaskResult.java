package dev.polyptych.nano.evaluate;

import dev.polyptych.nano.score.Bootstrap;
import dev.polyptych.nano.score.Estimate;
import dev.polyptych.nano.score.SetScore;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How a task's sets came out; all contenders drew the same sets, in the same order.
 *
 * @param task its id
 */
public record TaskResult(String task, Map<Contender, Scores> scores) {
  /** In the order of the contenders. */
  public TaskResult {
    scores = new EnumMap<>(scores);
  }

  /**
   * Of one contender, a score a set.
   *
   * @param drawn from text alone
   * @param referenced around the first panel, which was given
   */
  public record Scores(List<SetScore> drawn, List<SetScore> referenced) {
    public Scores {
      drawn = List.copyOf(drawn);
      referenced = List.copyOf(referenced);
    }
  }

  /** Whether an adapter drew, too. */
  public boolean compares() {
    return scores.containsKey(Contender.ADAPTER);
  }

  /** How much more the adapter's panels agree than the base's. */
  public Estimate agreementGain() {
    return Bootstrap.difference(
        Summary.agreements(drawn(Contender.ADAPTER)), Summary.agreements(drawn(Contender.BASE)));
  }

  /** How much less of the prompt the adapter's panels show than the base's. */
  public Estimate fidelityLoss() {
    return Bootstrap.difference(
        Summary.fidelities(drawn(Contender.BASE)), Summary.fidelities(drawn(Contender.ADAPTER)));
  }

  private List<SetScore> drawn(Contender contender) {
    return scores.get(contender).drawn();
  }
}

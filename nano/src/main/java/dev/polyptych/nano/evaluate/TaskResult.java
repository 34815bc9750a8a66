package dev.polyptych.nano.evaluate;

import dev.polyptych.nano.evaluate.EvaluationPlan.Contender;
import dev.polyptych.nano.score.Attribute;
import dev.polyptych.nano.score.Bootstrap;
import dev.polyptych.nano.score.Bootstrap.Estimate;
import dev.polyptych.nano.score.SetScore;
import dev.polyptych.nano.score.SetScore.Share;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The scores of a task. All contenders drew the same sets in the same order.
 *
 * @param task its id
 */
public record TaskResult(String task, Map<Contender, Scores> scores) {
  /** In the order of the contenders. */
  public TaskResult {
    scores = new EnumMap<>(scores);
  }

  /**
   * The scores of one contender, one per set.
   *
   * @param drawn from text alone
   * @param referenced with a given first panel
   */
  public record Scores(List<SetScore> drawn, List<SetScore> referenced) {
    public Scores {
      drawn = List.copyOf(drawn);
      referenced = List.copyOf(referenced);
    }
  }

  /** Whether there are scores of an adapter as well. */
  public boolean compares() {
    return scores.containsKey(Contender.ADAPTER);
  }

  /** The agreement of the adapter's panels minus that of the base's. */
  public Estimate agreementGain() {
    return Bootstrap.difference(
        Summary.agreements(drawn(Contender.ADAPTER)), Summary.agreements(drawn(Contender.BASE)));
  }

  /** The fidelity of the base's panels minus that of the adapter's. */
  public Estimate fidelityLoss() {
    return Bootstrap.difference(
        Summary.fidelities(drawn(Contender.BASE)), Summary.fidelities(drawn(Contender.ADAPTER)));
  }

  private List<SetScore> drawn(Contender contender) {
    return scores.get(contender).drawn();
  }

  /**
   * The summary of the scores of many sets.
   *
   * @param fidelity over all stated attributes
   * @param fidelityOf each stated attribute that is visible
   * @param faithfulPanels share of panels with all stated attributes right
   * @param agreement over all open attributes
   * @param agreementOf each open attribute that is visible
   */
  public record Summary(
      Estimate fidelity,
      Map<Attribute, Double> fidelityOf,
      Estimate faithfulPanels,
      Estimate agreement,
      Map<Attribute, Double> agreementOf) {

    /** At least one set is needed. */
    public static Summary of(List<SetScore> sets) {
      return new Summary(
          Bootstrap.share(fidelities(sets)),
          byAttribute(sets, SetScore::fidelity),
          Bootstrap.share(sets.stream().map(SetScore::faithfulPanels).toList()),
          Bootstrap.share(agreements(sets)),
          byAttribute(sets, SetScore::agreement));
    }

    static List<Share> fidelities(List<SetScore> sets) {
      return sets.stream().map(set -> Share.sum(set.fidelity().values())).toList();
    }

    static List<Share> agreements(List<SetScore> sets) {
      return sets.stream().map(set -> Share.sum(set.agreement().values())).toList();
    }

    private static Map<Attribute, Double> byAttribute(
        Collection<SetScore> sets, Function<SetScore, Map<Attribute, Share>> shares) {
      Map<Attribute, Double> values = new EnumMap<>(Attribute.class);
      for (Attribute attribute : Attribute.values()) {
        Share all =
            Share.sum(
                sets.stream()
                    .map(set -> shares.apply(set).getOrDefault(attribute, Share.NONE))
                    .toList());
        if (all.tries() > 0) {
          values.put(attribute, all.value());
        }
      }
      return values;
    }
  }
}

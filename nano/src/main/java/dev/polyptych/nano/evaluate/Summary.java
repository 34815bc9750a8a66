package dev.polyptych.nano.evaluate;

import dev.polyptych.nano.score.Attribute;
import dev.polyptych.nano.score.Bootstrap;
import dev.polyptych.nano.score.Estimate;
import dev.polyptych.nano.score.SetScore;
import dev.polyptych.nano.score.Share;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the scores of many sets come to.
 *
 * @param fidelity over all stated attributes
 * @param fidelityOf each of them that shows
 * @param faithfulPanels panels with all stated attributes right
 * @param agreement over all open attributes
 * @param agreementOf each of them that shows
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

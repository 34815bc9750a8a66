package dev.polyptych.nano.score;

import dev.polyptych.nano.world.Panel;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The score of one panel set. Attributes that are not visible are in no map.
 *
 * @param fidelity by stated attribute: panels that show it as their caption says
 * @param faithfulPanels panels that show all stated attributes as their caption says
 * @param agreement by open attribute: pairs of panels that show the same value
 */
public record SetScore(
    Map<Attribute, Share> fidelity, Share faithfulPanels, Map<Attribute, Share> agreement) {
  public SetScore {
    fidelity = Map.copyOf(fidelity);
    agreement = Map.copyOf(agreement);
  }

  /**
   * The score of a set that was drawn from text alone.
   *
   * @param expected the panels of the captions, one per picture
   */
  public static SetScore ofSet(List<Panel> expected, List<PanelReading> read) {
    check(expected, read);
    Map<Attribute, Share> agreement = new EnumMap<>(Attribute.class);
    for (int i = 0; i < expected.size(); i++) {
      for (int j = i + 1; j < expected.size(); j++) {
        compare(expected.get(i), read.get(i), expected.get(j), read.get(j), agreement);
      }
    }
    return new SetScore(fidelity(expected, read), faithful(expected, read), agreement);
  }

  /**
   * The score of panels that were drawn with a reference. Each panel is compared with the true
   * attributes of the reference, not with the other panels.
   */
  public static SetScore aroundReference(
      Panel reference, List<Panel> expected, List<PanelReading> read) {
    check(expected, read);
    Map<Attribute, Share> agreement = new EnumMap<>(Attribute.class);
    PanelReading truth = PanelReading.of(reference);
    for (int i = 0; i < expected.size(); i++) {
      compare(reference, truth, expected.get(i), read.get(i), agreement);
    }
    return new SetScore(fidelity(expected, read), faithful(expected, read), agreement);
  }

  private static void check(List<Panel> expected, List<PanelReading> read) {
    if (expected.size() != read.size()) {
      throw new IllegalArgumentException(
          "there are %d panels, but %d readings".formatted(expected.size(), read.size()));
    }
  }

  private static void compare(
      Panel one,
      PanelReading first,
      Panel other,
      PanelReading second,
      Map<Attribute, Share> agreement) {
    for (Attribute attribute : Attribute.open()) {
      if (attribute.showsIn(one.stated()) && attribute.showsIn(other.stated())) {
        boolean alike = first.of(attribute) == second.of(attribute);
        agreement.merge(attribute, Share.of(alike), Share::plus);
      }
    }
  }

  private static Map<Attribute, Share> fidelity(List<Panel> expected, List<PanelReading> read) {
    return accuracy(expected, read, attribute -> Attribute.stated().contains(attribute));
  }

  /** How often the visible attributes were read correctly. */
  static Map<Attribute, Share> accuracy(
      List<Panel> panels, List<PanelReading> read, Predicate<Attribute> of) {
    Map<Attribute, Share> right = new EnumMap<>(Attribute.class);
    for (int i = 0; i < panels.size(); i++) {
      Panel panel = panels.get(i);
      for (Attribute attribute : Attribute.values()) {
        if (of.test(attribute) && attribute.showsIn(panel.stated())) {
          boolean hit = read.get(i).confirms(attribute, panel);
          right.merge(attribute, Share.of(hit), Share::plus);
        }
      }
    }
    return right;
  }

  private static Share faithful(List<Panel> expected, List<PanelReading> read) {
    int hits = 0;
    for (int i = 0; i < expected.size(); i++) {
      Panel panel = expected.get(i);
      PanelReading reading = read.get(i);
      boolean all =
          Attribute.stated().stream()
              .filter(attribute -> attribute.showsIn(panel.stated()))
              .allMatch(attribute -> reading.confirms(attribute, panel));
      hits += all ? 1 : 0;
    }
    return new Share(hits, expected.size());
  }

  /**
   * A number of hits and tries.
   *
   * @param hits at most as many as tries
   */
  public record Share(int hits, int tries) {
    public static final Share NONE = new Share(0, 0);

    /** Checks the numbers. */
    public Share {
      if (hits < 0 || hits > tries) {
        throw new IllegalArgumentException(hits + " hits of " + tries + " tries");
      }
    }

    static Share of(boolean hit) {
      return new Share(hit ? 1 : 0, 1);
    }

    /** The sum of all hits and tries. */
    public static Share sum(Collection<Share> shares) {
      return shares.stream().reduce(NONE, Share::plus);
    }

    Share plus(Share other) {
      return new Share(hits + other.hits, tries + other.tries);
    }

    /** Hits ÷ tries; NaN without tries. */
    public double value() {
      return (double) hits / tries;
    }
  }
}

package dev.polyptych.nano.score;

import dev.polyptych.nano.world.Panel;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How well one panel set came out; attributes that do not show are in no map.
 *
 * @param fidelity panels that show a stated attribute as told, of those whose caption says it
 * @param faithfulPanels panels that show all of them as told
 * @param agreement pairs of panels that show an open attribute alike, of those that both show it
 */
public record SetScore(
    Map<Attribute, Share> fidelity, Share faithfulPanels, Map<Attribute, Share> agreement) {
  public SetScore {
    fidelity = Map.copyOf(fidelity);
    agreement = Map.copyOf(agreement);
  }

  /**
   * Of a set that was drawn from text alone.
   *
   * @param told what the captions were made of, a panel a picture
   */
  public static SetScore ofSet(List<Panel> told, List<PanelReading> read) {
    check(told, read);
    Map<Attribute, Share> agreement = new EnumMap<>(Attribute.class);
    for (int i = 0; i < told.size(); i++) {
      for (int j = i + 1; j < told.size(); j++) {
        compare(told.get(i), read.get(i), told.get(j), read.get(j), agreement);
      }
    }
    return new SetScore(fidelity(told, read), faithful(told, read), agreement);
  }

  /**
   * Of the panels that were drawn around a reference; each is compared with what the reference
   * truly shows, not with each other.
   */
  public static SetScore aroundReference(
      Panel reference, List<Panel> told, List<PanelReading> read) {
    check(told, read);
    Map<Attribute, Share> agreement = new EnumMap<>(Attribute.class);
    PanelReading truth = PanelReading.of(reference);
    for (int i = 0; i < told.size(); i++) {
      compare(reference, truth, told.get(i), read.get(i), agreement);
    }
    return new SetScore(fidelity(told, read), faithful(told, read), agreement);
  }

  private static void check(List<Panel> told, List<PanelReading> read) {
    if (told.size() != read.size()) {
      throw new IllegalArgumentException(
          told.size() + " panels were told, but " + read.size() + " were read");
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

  private static Map<Attribute, Share> fidelity(List<Panel> told, List<PanelReading> read) {
    return accuracy(told, read, attribute -> Attribute.stated().contains(attribute));
  }

  /** How often the attributes that show were read as they are. */
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

  private static Share faithful(List<Panel> told, List<PanelReading> read) {
    int hits = 0;
    for (int i = 0; i < told.size(); i++) {
      Panel panel = told.get(i);
      PanelReading reading = read.get(i);
      boolean all =
          Attribute.stated().stream()
              .filter(attribute -> attribute.showsIn(panel.stated()))
              .allMatch(attribute -> reading.confirms(attribute, panel));
      hits += all ? 1 : 0;
    }
    return new Share(hits, told.size());
  }

  /**
   * How often something was so.
   *
   * @param hits of the tries
   */
  public record Share(int hits, int tries) {
    public static final Share NONE = new Share(0, 0);

    /** Hits are some of the tries. */
    public Share {
      if (hits < 0 || hits > tries) {
        throw new IllegalArgumentException(hits + " hits of " + tries + " tries");
      }
    }

    static Share of(boolean hit) {
      return new Share(hit ? 1 : 0, 1);
    }

    /** All tries together. */
    public static Share sum(Collection<Share> shares) {
      return shares.stream().reduce(NONE, Share::plus);
    }

    Share plus(Share other) {
      return new Share(hits + other.hits, tries + other.tries);
    }

    /** From 0 to 1; not a number without tries. */
    public double value() {
      return (double) hits / tries;
    }
  }
}

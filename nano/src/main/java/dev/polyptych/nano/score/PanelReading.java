package dev.polyptych.nano.score;

import dev.polyptych.nano.world.Panel;
import java.util.EnumMap;
import java.util.Map;

/**
 * What was read from one panel.
 *
 * @param choices of every attribute, counted from 0; of one that does not show it means nothing
 */
public record PanelReading(Map<Attribute, Integer> choices) {
  /**
   * @throws IllegalArgumentException if an attribute is missing
   */
  public PanelReading {
    choices = Map.copyOf(choices);
    if (choices.size() != Attribute.values().length) {
      throw new IllegalArgumentException("a reading of " + choices.keySet() + " is not whole");
    }
  }

  /** What a faultless reader would read. */
  public static PanelReading of(Panel panel) {
    Map<Attribute, Integer> choices = new EnumMap<>(Attribute.class);
    for (Attribute attribute : Attribute.values()) {
      choices.put(attribute, attribute.of(panel));
    }
    return new PanelReading(choices);
  }

  /**
   * The choice of the highest score within each attribute's, which lie in order from a place on.
   */
  static PanelReading ofScores(float[] scores, int from) {
    Map<Attribute, Integer> choices = new EnumMap<>(Attribute.class);
    int start = from;
    for (Attribute attribute : Attribute.values()) {
      int best = 0;
      for (int i = 1; i < attribute.choices(); i++) {
        best = scores[start + i] > scores[start + best] ? i : best;
      }
      choices.put(attribute, best);
      start += attribute.choices();
    }
    return new PanelReading(choices);
  }

  /** The choice of one attribute. */
  public int of(Attribute attribute) {
    return choices.get(attribute);
  }

  /** Whether it reads what the panel was told to show. */
  boolean confirms(Attribute attribute, Panel panel) {
    return of(attribute) == attribute.of(panel);
  }
}

package dev.polyptych.nano.score;

import dev.polyptych.nano.world.Panel;
import java.util.EnumMap;
import java.util.Map;

/**
 * The scorer's reading of one panel.
 *
 * @param choices value number of every attribute, from 0; meaningless for attributes that are not
 *     visible
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

  /** The reading of a perfect scorer. */
  public static PanelReading of(Panel panel) {
    Map<Attribute, Integer> choices = new EnumMap<>(Attribute.class);
    for (Attribute attribute : Attribute.values()) {
      choices.put(attribute, attribute.of(panel));
    }
    return new PanelReading(choices);
  }

  /**
   * Chooses the value with the highest score of each attribute. The scores of the attributes follow
   * each other from {@code from}.
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

  /** The value number of one attribute. */
  public int of(Attribute attribute) {
    return choices.get(attribute);
  }

  /** Whether the reading is what the panel should show. */
  boolean confirms(Attribute attribute, Panel panel) {
    return of(attribute) == attribute.of(panel);
  }
}

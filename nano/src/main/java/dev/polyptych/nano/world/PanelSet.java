package dev.polyptych.nano.world;

import java.util.List;

/**
 * A set of panels with the texts that a prompt template puts together.
 *
 * @param prompt the set's own text
 * @param texts a text a panel
 */
public record PanelSet(
    Form form, Arrangement arrangement, String prompt, List<Panel> panels, List<String> texts) {

  /**
   * @throws IllegalArgumentException unless there are as many panels and texts as places
   */
  public PanelSet {
    panels = List.copyOf(panels);
    texts = List.copyOf(texts);
    if (panels.size() != arrangement.panels() || texts.size() != panels.size()) {
      throw new IllegalArgumentException(
          "an arrangement of %d panels was given %d panels and %d texts"
              .formatted(arrangement.panels(), panels.size(), texts.size()));
    }
  }
}

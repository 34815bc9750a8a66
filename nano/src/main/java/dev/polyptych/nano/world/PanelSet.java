package dev.polyptych.nano.world;

import java.util.List;

/**
 * A set of panels with the texts for a prompt template.
 *
 * @param prompt text of the set
 * @param texts one text per panel
 */
public record PanelSet(
    Form form, Arrangement arrangement, String prompt, List<Panel> panels, List<String> texts) {

  /**
   * @throws IllegalArgumentException if the numbers of panels, texts and places differ
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

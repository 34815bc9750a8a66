package dev.polyptych.schema.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Joins the set's prompt and the panel texts into the one prompt that the task's adapter was tuned
 * on, with the markers it knows: {@code [MOVIE-SHOTS] {prompt} [SCENE-1] {panel1} …}.
 */
public final class PromptTemplate {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(prompt|panel([1-9]))}");

  private final String text;
  private final int panels;

  /**
   * @throws IllegalArgumentException unless {@code {prompt}} and {@code {panel1}} to {@code
   *     {panelN}} each stand once
   */
  @JsonCreator
  public PromptTemplate(String text) {
    this.text = text;
    List<String> found = PLACEHOLDER.matcher(text).results().map(hit -> hit.group(1)).toList();
    this.panels = found.size() - 1;
    boolean complete =
        found.contains("prompt") && found.stream().distinct().count() == found.size();
    for (int panel = 1; panel <= panels; panel++) {
      complete &= found.contains("panel" + panel);
    }
    if (!complete) {
      throw new IllegalArgumentException(
          "a template holds {prompt} and {panel1}, {panel2}, … once each; this one: " + text);
    }
  }

  /** Number of panel texts that the template takes. */
  public int panels() {
    return panels;
  }

  /**
   * A joint prompt and where its parts lie.
   *
   * @param parts in the order of the text
   */
  public record Composed(String text, List<Part> parts) {
    public Composed {
      parts = List.copyOf(parts);
    }
  }

  /**
   * The place of one text of the request.
   *
   * @param panel its number from 1; 0 for the set's prompt
   * @param start index of its first character
   * @param end index after its last character
   */
  public record Part(int panel, int start, int end) {}

  /** The joint prompt. Texts are trimmed, but not changed otherwise. */
  public String compose(String prompt, List<String> panelTexts) {
    return composed(prompt, panelTexts).text();
  }

  /** As {@link #compose}, with the places of the texts. */
  public Composed composed(String prompt, List<String> panelTexts) {
    StringBuilder joint = new StringBuilder();
    List<Part> parts = new ArrayList<>();
    Matcher hits = PLACEHOLDER.matcher(text);
    int copied = 0;
    while (hits.find()) {
      joint.append(text, copied, hits.start());
      copied = hits.end();
      int panel = hits.group(2) == null ? 0 : Integer.parseInt(hits.group(2));
      int start = joint.length();
      joint.append((panel == 0 ? prompt : panelTexts.get(panel - 1)).strip());
      parts.add(new Part(panel, start, joint.length()));
    }
    return new Composed(joint.append(text, copied, text.length()).toString(), parts);
  }

  @JsonValue
  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PromptTemplate that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}

package dev.polyptych.nano.train;

import dev.polyptych.nano.world.Arrangement;
import dev.polyptych.nano.world.Form;
import dev.polyptych.nano.world.PanelSet;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.PromptTemplate;
import dev.polyptych.schema.catalog.Task;
import java.util.Map;

/**
 * The one prompt of a set: by its task's template in the catalog, so that training and rendering
 * can't differ; free mixtures by a template of their arrangement.
 */
final class SheetPrompts {
  private static final Map<Arrangement, PromptTemplate> FREE =
      Map.of(
          new Arrangement(1, 1), new PromptTemplate("{prompt} {panel1}"),
          new Arrangement(2, 1), new PromptTemplate("{prompt} [TOP] {panel1} [BOTTOM] {panel2}"),
          new Arrangement(1, 2), new PromptTemplate("{prompt} [LEFT] {panel1} [RIGHT] {panel2}"),
          new Arrangement(3, 1),
              new PromptTemplate(
                  "{prompt} [SCENE-1] {panel1} [SCENE-2] {panel2} [SCENE-3] {panel3}"),
          new Arrangement(2, 2),
              new PromptTemplate(
                  "{prompt} [TOP-LEFT] {panel1} [TOP-RIGHT] {panel2}"
                      + " [BOTTOM-LEFT] {panel3} [BOTTOM-RIGHT] {panel4}"));

  private final Catalog catalog;

  SheetPrompts(Catalog catalog) {
    this.catalog = catalog;
  }

  String of(PanelSet set) {
    return template(set).compose(set.prompt(), set.texts());
  }

  private PromptTemplate template(PanelSet set) {
    return set.form() == Form.FREE
        ? FREE.get(set.arrangement())
        : catalog
            .task(set.form().id())
            .map(Task::template)
            .orElseThrow(
                () -> new IllegalStateException("the catalog lacks the task " + set.form().id()));
  }
}

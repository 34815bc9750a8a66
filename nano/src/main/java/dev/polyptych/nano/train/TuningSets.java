package dev.polyptych.nano.train;

import dev.polyptych.nano.world.Constancy;
import dev.polyptych.nano.world.Form;
import dev.polyptych.nano.world.PanelPainter;
import dev.polyptych.nano.world.PanelSet;
import dev.polyptych.nano.world.Side;
import dev.polyptych.nano.world.WorldSampler;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.tokenizers.PromptTokenizer;
import dev.polyptych.tokenizers.PromptTokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/**
 * Paints the captioned panel sets that an adapter is tuned on: sets whose open attributes agree.
 */
public final class TuningSets {
  private final SheetPrompts prompts;
  private final Task task;
  private final Form form;

  /**
   * Sets of one task.
   *
   * @throws IllegalArgumentException if the catalog or the drawn world lacks the task
   */
  public TuningSets(Catalog catalog, String task) {
    this.prompts = new SheetPrompts(catalog);
    this.task =
        catalog
            .task(task)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the catalog has no task '" + task + "'; it has " + catalog.taskIds()));
    this.form =
        form(task)
            .orElseThrow(
                () -> new IllegalArgumentException("the drawn world has no task '" + task + "'"));
  }

  private static Optional<Form> form(String task) {
    return Arrays.stream(Form.values()).filter(form -> form.id().equals(task)).findFirst();
  }

  /**
   * Writes {@code folder/0001/1.png …, caption.txt} and so on; the same seed gives the same sets.
   * None shows a combination that is held out for evaluation.
   *
   * @throws IOException if the folder can't be written
   */
  public void write(Path folder, int count, long seed) throws IOException {
    WorldSampler sampler = new WorldSampler(Side.TRAINING);
    Layout layout = task.layout();
    PanelPainter painter = new PanelPainter(layout.panelWidth(), layout.panelHeight());
    SplittableRandom random = new SplittableRandom(seed);
    try (PromptTokenizers tokenizers = PromptTokenizers.builtIn("nano").orElseThrow()) {
      for (int number = 1; number <= count; number++) {
        PanelSet set = sampler.set(form, Constancy.AGREEING, random);
        checkLength(prompts.of(set), tokenizers.main());
        write(folder.resolve(String.format("%04d", number)), set, painter, random);
      }
    }
  }

  private static void checkLength(String caption, PromptTokenizer main) {
    int tokens = main.count(caption);
    if (tokens > main.length()) {
      throw new IllegalStateException(
          "nano reads %d tokens, but this caption has %d; shorten the task's template: %s"
              .formatted(main.length(), tokens, caption));
    }
  }

  private void write(Path folder, PanelSet set, PanelPainter painter, SplittableRandom random)
      throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < set.panels().size(); i++) {
      Path file = folder.resolve((i + 1) + ".png");
      ImageIO.write(painter.paint(set.panels().get(i), random.nextLong()), "png", file.toFile());
    }
    Files.writeString(folder.resolve("caption.txt"), prompts.of(set) + "\n");
  }
}

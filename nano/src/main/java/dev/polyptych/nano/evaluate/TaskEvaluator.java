package dev.polyptych.nano.evaluate;

import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.nano.evaluate.EvaluationPlan.Contender;
import dev.polyptych.nano.evaluate.Trials.EvaluationTrial;
import dev.polyptych.nano.score.PanelReading;
import dev.polyptych.nano.score.Scorer;
import dev.polyptych.nano.score.SetScore;
import dev.polyptych.nano.world.Panel;
import dev.polyptych.schema.catalog.Task;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Lets a contender draw a task's sets and scores them. Belongs to the pipeline's thread. */
final class TaskEvaluator {
  /** Sets between two lines of progress. */
  private static final int SETS_A_LINE = 8;

  private final FluxPipeline pipeline;
  private final Scorer scorer;
  private final Gallery gallery;
  private final Consumer<String> progress;

  TaskEvaluator(FluxPipeline pipeline, Scorer scorer, Gallery gallery, Consumer<String> progress) {
    this.pipeline = pipeline;
    this.scorer = scorer;
    this.gallery = gallery;
    this.progress = progress;
  }

  /** Draws with the adapter that the pipeline uses now, or none. */
  TaskResult.Scores scores(Task task, Contender contender, List<EvaluationTrial> trials) {
    List<SetScore> drawn = new ArrayList<>();
    List<SetScore> referenced = new ArrayList<>();
    for (EvaluationTrial trial : trials) {
      List<Panel> expected = trial.set().panels();
      SheetPixels sheet = draw(trial.drawn());
      drawn.add(SetScore.ofSet(expected, read(sheet, task)));
      SheetPixels around = draw(trial.referenced());
      referenced.add(scoreAround(expected, read(around, task)));
      gallery.add(task.id(), contender, sheet, around);
      if (drawn.size() % SETS_A_LINE == 0 || drawn.size() == trials.size()) {
        progress.accept(
            "%s, %s: %d of %d sets"
                .formatted(task.id(), contender.text(), drawn.size(), trials.size()));
      }
    }
    return new TaskResult.Scores(drawn, referenced);
  }

  private static SetScore scoreAround(List<Panel> expected, List<PanelReading> read) {
    return SetScore.aroundReference(
        expected.getFirst(), expected.subList(1, expected.size()), read.subList(1, read.size()));
  }

  private List<PanelReading> read(SheetPixels sheet, Task task) {
    List<BufferedImage> panels = PanelPictures.cut(sheet, task.layout());
    return scorer.read(panels);
  }

  private SheetPixels draw(DenoiseRequest request) {
    try (Denoising run = pipeline.start(request)) {
      while (!run.finished()) {
        run.step();
      }
      return run.decode();
    }
  }
}

package dev.polyptych.nano.evaluate;

import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.nano.evaluate.EvaluationPlan.EvaluationException;
import dev.polyptych.nano.world.Constancy;
import dev.polyptych.nano.world.Form;
import dev.polyptych.nano.world.PanelPainter;
import dev.polyptych.nano.world.PanelSet;
import dev.polyptych.nano.world.Side;
import dev.polyptych.nano.world.WorldSampler;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.catalog.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Makes the sets of a task from combinations that were not in the training. */
final class Trials {
  private final EvaluationPlan.Sampling sampling;
  private final WorldSampler sampler = new WorldSampler(Side.HELD_OUT);

  Trials(EvaluationPlan.Sampling sampling) {
    this.sampling = sampling;
  }

  /** The sets of a task. The same task and seed give the same sets. */
  List<EvaluationTrial> of(Task task) {
    Layout layout = task.layout();
    PanelPainter painter = new PanelPainter(layout.panelWidth(), layout.panelHeight());
    SplittableRandom random = new SplittableRandom(sampling.seed() * 31 + task.id().hashCode());
    // No model that is evaluated conditions.
    ReferenceMethod method = sampling.reference().orElseGet(() -> task.defaults().reference(false));
    List<EvaluationTrial> trials = new ArrayList<>();
    while (trials.size() < sampling.sets()) {
      PanelSet set = sampler.set(form(task), Constancy.DRIFTING, random);
      DenoiseRequest drawn = request(task, set, random.nextLong());
      var reference =
          PanelPictures.pixels(painter.paint(set.panels().getFirst(), random.nextLong()));
      ReferenceSheet sheet =
          ReferenceSheet.compose(layout, Map.of(1, reference), Optional.empty(), 1).by(method);
      trials.add(new EvaluationTrial(set, drawn, drawn.from(sheet)));
    }
    return trials;
  }

  private DenoiseRequest request(Task task, PanelSet set, long seed) {
    return new DenoiseRequest(
        task.template().compose(set.prompt(), set.texts()),
        task.layout().sheetWidth(),
        task.layout().sheetHeight(),
        sampling.steps().orElse(task.defaults().steps()),
        task.defaults().guidance(),
        seed);
  }

  private static Form form(Task task) {
    return Arrays.stream(Form.values())
        .filter(form -> form != Form.FREE && form.id().equals(task.id()))
        .findFirst()
        .orElseThrow(
            () ->
                new EvaluationException("the drawn world knows no sets of the task " + task.id()));
  }

  /**
   * One set that every contender draws with the same noise.
   *
   * @param set the panels of the prompt; only the reference panel uses their open attributes
   * @param drawn request from text alone
   * @param referenced the same request with a given first panel
   */
  record EvaluationTrial(PanelSet set, DenoiseRequest drawn, DenoiseRequest referenced) {}
}

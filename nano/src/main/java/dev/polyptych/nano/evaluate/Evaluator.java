package dev.polyptych.nano.evaluate;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.nano.evaluate.EvaluationPlan.Contender;
import dev.polyptych.nano.evaluate.Trials.EvaluationTrial;
import dev.polyptych.nano.score.Reconstruction;
import dev.polyptych.nano.score.Scorer;
import dev.polyptych.nano.score.ScorerValidation;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.weights.model.ModelFolder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** {@code polyptych evaluate}, without its command line. Runs on the calling thread. */
public final class Evaluator {
  private final EvaluationPlan plan;
  private final Gallery gallery;
  private final Consumer<String> progress;

  /**
   * @param gallery receives the drawn sheets
   * @param progress receives a line per part
   */
  public Evaluator(EvaluationPlan plan, Gallery gallery, Consumer<String> progress) {
    this.plan = plan;
    this.gallery = gallery;
    this.progress = progress;
  }

  /**
   * Draws and reads all sets.
   *
   * @throws dev.polyptych.weights.model.ModelFolderException if model or scorer is missing or
   *     incomplete
   * @throws dev.polyptych.weights.lora.AdapterException if an adapter does not fit the model
   */
  public Evaluation run(EngineOptions options) {
    ModelFolder folder = ModelFolder.open(plan.model());
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      // Before the model, so that a missing scorer is reported immediately.
      Scorer scorer = Scorer.load(plan.scorer(), manager);
      try (FluxPipeline pipeline = FluxPipeline.open(plan.model(), options)) {
        ScorerValidation validation = validate(scorer, folder, manager);
        TaskEvaluator evaluator = new TaskEvaluator(pipeline, scorer, gallery, progress);
        Trials trials = new Trials(plan.sampling());
        List<TaskResult> results = new ArrayList<>();
        for (Task task : plan.tasks()) {
          results.add(result(task, trials.of(task), evaluator, pipeline));
        }
        String device = pipeline.device() + " " + pipeline.computeType().text();
        return new Evaluation(validation, results, device);
      }
    }
  }

  private ScorerValidation validate(Scorer scorer, ModelFolder folder, NDManager manager) {
    int panels = plan.sampling().validationPanels();
    progress.accept("scorer: validating on " + panels + " panels");
    Reconstruction reconstruction = Reconstruction.load(folder, ComputeType.FLOAT32, manager);
    return ScorerValidation.of(scorer, reconstruction, panels, manager);
  }

  private TaskResult result(
      Task task, List<EvaluationTrial> trials, TaskEvaluator evaluator, FluxPipeline pipeline) {
    Map<Contender, TaskResult.Scores> scores = new EnumMap<>(Contender.class);
    for (Contender contender : plan.contenders()) {
      scores.put(
          contender,
          switch (contender) {
            case BASE -> evaluator.scores(task, contender, trials);
            case ADAPTER -> adapted(task, trials, evaluator, pipeline);
          });
    }
    return new TaskResult(task.id(), scores);
  }

  private TaskResult.Scores adapted(
      Task task, List<EvaluationTrial> trials, TaskEvaluator evaluator, FluxPipeline pipeline) {
    try (Adapter adapter = pipeline.readAdapter(EvaluationPlan.adapter(plan.model(), task))) {
      pipeline.use(adapter.at(task.defaults().adapterScale()));
      return evaluator.scores(task, Contender.ADAPTER, trials);
    } finally {
      pipeline.useNone();
    }
  }
}

package dev.polyptych.engine.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.denoise.Denoising.Plan;
import dev.polyptych.engine.denoise.Denoising.Progress;
import dev.polyptych.engine.denoise.ReferenceBlend.Anchor;
import dev.polyptych.engine.model.FluxTransformer.Brief;
import dev.polyptych.engine.model.FluxTransformer.Conditioning;
import dev.polyptych.engine.model.FluxTransformer.Grid;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.engine.text.TextEncoders.EncodedPrompt;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.weights.model.ModelFolder;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Prepares the runs of one model: does all work that precedes the first step. */
final class Runs {
  private final ModelFolder folder;
  private final Networks networks;
  private final NDManager manager;

  Runs(ModelFolder folder, Networks networks, NDManager manager) {
    this.folder = folder;
    this.networks = networks;
    this.manager = manager;
  }

  /** Noise from the request's seed. */
  PackedLatents noise(DenoiseRequest request) {
    Grid grid = grid(request);
    return PackedLatents.noise(request.seed(), grid.rows(), grid.columns(), channels());
  }

  /** Starts from noise, or from a blend of noise and reference if the request has one. */
  Denoising start(DenoiseRequest request, PackedLatents noise, Weights weights) {
    Progress start = new Progress(0, noise);
    start.check(grid(request), channels(), request.steps());
    return run(
        request,
        weights,
        () -> noise,
        (plan, own) ->
            new Denoising(
                networks,
                own,
                plan,
                plan.anchor()
                    .map(
                        anchor ->
                            networks.references().start(anchor, plan.schedule().sigma(0), own))
                    .orElseGet(() -> array(noise, own)),
                0));
  }

  /** Resumes from a checkpoint. The noise of its run came from the seed. */
  Denoising resume(DenoiseRequest request, Progress progress, Weights weights) {
    progress.check(grid(request), channels(), schedule(request).steps());
    return run(
        request,
        weights,
        () -> noise(request),
        (plan, own) ->
            new Denoising(
                networks, own, plan, array(progress.latents(), own), progress.completedSteps()));
  }

  private Denoising run(
      DenoiseRequest request,
      Weights weights,
      Supplier<PackedLatents> noise,
      BiFunction<Plan, NDManager, Denoising> begin) {
    checkMethod(request);
    NDManager own = manager.newSubManager();
    try {
      Grid grid = grid(request);
      SigmaSchedule schedule = schedule(request);
      Optional<Anchor> anchor =
          request
              .reference()
              .filter(ReferenceSheet::anchors)
              .map(sheet -> networks.references().anchor(sheet, noise.get(), own));
      Conditioning conditioning = conditioning(request, schedule, weights, own);
      return begin.apply(
          new Plan(
              grid, schedule, conditioning, weights, request.reference(), anchor, cache(request)),
          own);
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  private void checkMethod(DenoiseRequest request) {
    boolean condition =
        request
            .reference()
            .filter(sheet -> sheet.method() == ReferenceMethod.CONDITION)
            .isPresent();
    if (condition && !folder.transformer().fills()) {
      throw new IllegalArgumentException(
          "reference condition needs a model that was trained to read references (FLUX.1 Fill);"
              + " use sdedit or clean");
    }
  }

  private Optional<StepCache> cache(DenoiseRequest request) {
    if (request.cache().isPresent() && folder.transformer().doubleBlocks() == 0) {
      throw new IllegalArgumentException(
          "a step cache needs a model with double blocks, this one's num_layers is 0; draw without"
              + " (stepCache: none)");
    }
    return request.cache();
  }

  private SigmaSchedule schedule(DenoiseRequest request) {
    SigmaSchedule whole =
        SigmaSchedule.of(folder.scheduler(), grid(request).tokens(), request.steps());
    return request.reference().map(sheet -> whole.last(sheet.strength())).orElse(whole);
  }

  private Conditioning conditioning(
      DenoiseRequest request, SigmaSchedule schedule, Weights weights, NDManager own) {
    EncodedPrompt prompt = networks.prompts().encode(request.prompt(), weights);
    Grid grid = grid(request);
    Optional<NDArray> beside =
        folder.transformer().fills()
            ? Optional.of(networks.references().beside(request.reference(), grid, own))
            : Optional.empty();
    Brief brief =
        new Brief(
            prompt.states(), prompt.pooled(), request.guidance(), grid, schedule.begins(), beside);
    return networks.transformer().prepare(brief, weights, own);
  }

  private static NDArray array(PackedLatents latents, NDManager manager) {
    return manager.create(latents.values(), new Shape(1, latents.tokens(), latents.channels()));
  }

  private int channels() {
    return networks.transformer().config().channels();
  }

  private Grid grid(DenoiseRequest request) {
    int edge = folder.tokenEdge();
    if (request.width() % edge != 0 || request.height() % edge != 0) {
      throw new IllegalArgumentException(
          "width and height must be multiples of %d, were %dx%d"
              .formatted(edge, request.width(), request.height()));
    }
    return new Grid(request.height() / edge, request.width() / edge);
  }
}

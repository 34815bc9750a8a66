package dev.polyptych.engine.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.adapter.AdapterTrial;
import dev.polyptych.engine.denoise.ReferenceBlend.Anchor;
import dev.polyptych.engine.model.FluxTransformer.Conditioning;
import dev.polyptych.engine.model.FluxTransformer.Grid;
import dev.polyptych.engine.model.FluxTransformer.Step;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.engine.model.StepParts.Run;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.engine.sheet.SheetPixels;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One run: a sheet that is drawn step by step. Owns the latents and everything that its steps
 * share; closing frees them. Between steps the caller may read the latents or stop. Belongs to the
 * render thread.
 */
public final class Denoising implements AdapterTrial.Steps {
  private final Networks networks;
  private final NDManager manager;
  private final Plan plan;
  private final Optional<StepReuse> reuse;
  private NDArray latents;

  /** Latents before the last step; empty before the first step in this process. */
  private Optional<NDArray> before = Optional.empty();

  private int completedSteps;

  /** Everything that is decided before the first step. */
  record Plan(
      Grid grid,
      SigmaSchedule schedule,
      Conditioning conditioning,
      Weights weights,
      Optional<ReferenceSheet> reference,
      Optional<Anchor> anchor,
      Optional<StepCache> cache) {}

  /** Takes over {@code manager}. The plan's arrays and the latents are attached to it. */
  Denoising(Networks networks, NDManager manager, Plan plan, NDArray latents, int completedSteps) {
    this.networks = networks;
    this.manager = manager;
    this.plan = plan;
    this.reuse = plan.cache().map(cache -> reuse(networks, manager, plan, cache));
    this.latents = latents;
    this.completedSteps = completedSteps;
  }

  private static StepReuse reuse(Networks networks, NDManager manager, Plan plan, StepCache cache) {
    return new StepReuse(
        networks.transformer().parts(),
        new Run(plan.conditioning(), plan.weights()),
        new ReuseRule(cache, plan.schedule().steps()),
        manager);
  }

  /**
   * The state of a run between two steps. Checkpoints store it. On the same kind of device a
   * resumed run gives the same bits as an uninterrupted one. A run with a step cache does not: the
   * cache is not stored, so the first step after a resume is computed in full.
   *
   * @param latents of the whole sheet
   */
  public record Progress(int completedSteps, PackedLatents latents) {
    public Progress {
      if (completedSteps < 0) {
        throw new IllegalArgumentException(
            "completedSteps must not be negative, was " + completedSteps);
      }
    }

    /**
     * Checks that a run can resume from this state.
     *
     * @throws IllegalArgumentException if the latents have another size, or more steps are
     *     completed than the run has
     */
    void check(Grid grid, int channels, int steps) {
      if (latents.tokens() != grid.tokens() || latents.channels() != channels) {
        String wanted = "but this sheet takes " + grid.tokens() + " x " + channels;
        throw new IllegalArgumentException(
            "latents are " + latents.tokens() + " x " + latents.channels() + ", " + wanted);
      }
      if (completedSteps > steps) {
        throw new IllegalArgumentException(
            completedSteps + " steps are completed, but the run has only " + steps);
      }
    }
  }

  /**
   * Computes the next step and waits for the device.
   *
   * @throws DivergedException if a latent is no longer finite; the run is then useless
   * @throws IllegalStateException if the run is finished
   */
  @Override
  public void step() {
    if (finished()) {
      throw new IllegalStateException("all " + steps() + " steps are done");
    }
    // The result belongs to this run's manager. The latents of the step before last are freed, so
    // the number of arrays stays the same.
    NDArray next = next();
    before.ifPresent(NDArray::close);
    before = Optional.of(latents);
    latents = next;
    completedSteps++;
    if (!networks.transformer().finite(latents)) {
      throw new DivergedException(completedSteps);
    }
  }

  private NDArray next() {
    Step step =
        new Step(
            completedSteps,
            plan.schedule().sigma(completedSteps),
            plan.schedule().sigma(completedSteps + 1));
    NDArray drawn = reuse.map(cached -> cached.step(latents, step)).orElseGet(() -> whole(step));
    return plan.anchor()
        .map(anchor -> networks.references().restored(drawn, anchor, step.next(), manager))
        .orElse(drawn);
  }

  private NDArray whole(Step step) {
    return networks.transformer().step(latents, step, plan.conditioning(), plan.weights(), manager);
  }

  /** Whether all steps are done. */
  public boolean finished() {
    return completedSteps >= steps();
  }

  /** Completed steps, including those before a resume. */
  public int completedSteps() {
    return completedSteps;
  }

  /** Number of steps since the last resume that reused results of an earlier step. */
  public int reusedSteps() {
    return reuse.map(StepReuse::reused).orElse(0);
  }

  /**
   * Steps of the whole run. A reference with a strength below 1 skips the first ones, so this may
   * be fewer than requested.
   */
  public int steps() {
    return plan.schedule().steps();
  }

  /** Noise levels of the run. */
  public SigmaSchedule schedule() {
    return plan.schedule();
  }

  /** A copy of the current latents, with the number of completed steps. */
  public Progress progress() {
    PackedLatents copy =
        new PackedLatents(
            plan.grid().tokens(),
            networks.transformer().config().channels(),
            latents.toFloatArray());
    return new Progress(completedSteps, copy);
  }

  /**
   * Decodes the current latents. Before the end of the run the picture is noisy. Kept tokens show
   * the reference's own pixels.
   *
   * @throws NotFiniteException if there is no picture, because values overflowed
   */
  public SheetPixels decode() {
    for (float value : latents.toFloatArray()) {
      if (!Float.isFinite(value)) {
        throw new NotFiniteException();
      }
    }
    try (NDManager scratch = manager.newSubManager()) {
      NDArray pixels =
          networks.autoencoder().pixels(networks.picture(latents, plan.grid(), scratch), scratch);
      Shape shape = pixels.getShape();
      ByteBuffer bytes = pixels.toByteBuffer();
      byte[] rgb = new byte[bytes.remaining()];
      bytes.get(rgb);
      SheetPixels drawn = new SheetPixels((int) shape.get(1), (int) shape.get(0), rgb);
      return plan.reference().map(sheet -> sheet.paste(drawn)).orElse(drawn);
    }
  }

  /**
   * A small preview of the finished sheet, with one pixel for each latent cell. It extrapolates the
   * last step to noise level 0 and maps the latents to colours.
   */
  public SheetPixels preview() {
    float[] seen = latents.toFloatArray();
    if (before.isPresent()) {
      float[] last = before.get().toFloatArray();
      double sigma = plan.schedule().sigma(completedSteps);
      double reach = sigma / (plan.schedule().sigma(completedSteps - 1) - sigma);
      for (int i = 0; i < seen.length; i++) {
        seen[i] += (float) (reach * (seen[i] - last[i]));
      }
    }
    return networks.previews().picture(seen, plan.grid());
  }

  @Override
  public void close() {
    manager.close();
  }
}

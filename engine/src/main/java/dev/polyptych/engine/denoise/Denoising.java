package dev.polyptych.engine.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.denoise.ReferenceBlend.Anchor;
import dev.polyptych.engine.model.Autoencoder;
import dev.polyptych.engine.model.FluxTransformer.Conditioning;
import dev.polyptych.engine.model.FluxTransformer.Grid;
import dev.polyptych.engine.model.FluxTransformer.Step;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.engine.model.StepParts.Run;
import dev.polyptych.engine.sheet.SheetPixels;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A sheet being drawn, one step at a time. Owns the latents and what its steps share; closing frees
 * them. Belongs to the render thread; between steps the caller may look at the latents, or stop.
 */
public final class Denoising implements AutoCloseable {
  private final Networks networks;
  private final NDManager manager;
  private final Plan plan;
  private final Optional<StepReuse> reuse;
  private NDArray latents;

  /** What the last step started from; empty before the first one of this process. */
  private Optional<NDArray> before = Optional.empty();

  private int completedSteps;

  /** What a run draws, decided before its first step. */
  record Plan(
      Grid grid,
      SigmaSchedule schedule,
      Conditioning conditioning,
      Weights weights,
      Optional<Anchor> anchor,
      Optional<StepCache> cache) {}

  /** Takes over {@code manager}, to which the plan's arrays and the latents are attached. */
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
   * How far a run has come: what a checkpoint keeps. A run that goes on from here gives the same
   * bits as one that was never interrupted, on the same kind of device, unless it has a step cache:
   * that is not kept, so its next step is computed whole.
   */
  public record Progress(int completedSteps, PackedLatents latents) {
    public Progress {
      if (completedSteps < 0) {
        throw new IllegalArgumentException(
            "completedSteps must not be negative, was " + completedSteps);
      }
    }

    /** Fails unless a run of so many steps over such a grid can go on from here. */
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
   * Draws the next step, and waits until the device has done it.
   *
   * @throws DivergedException if a latent is not finite any more; the run is of no use then
   */
  public void step() {
    if (finished()) {
      throw new IllegalStateException("all " + steps() + " steps are done");
    }
    // The step's result is handed to this run's manager, and the latents before the last are freed:
    // nothing else is made.
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

  /** Steps done so far, those before a resume included. */
  public int completedSteps() {
    return completedSteps;
  }

  /** Steps of these that took what most blocks add from an earlier one, since the last resume. */
  public int reusedSteps() {
    return reuse.map(StepReuse::reused).orElse(0);
  }

  /**
   * Steps of the whole run: fewer than were asked for where the reference's strength is below 1.
   */
  public int steps() {
    return plan.schedule().steps();
  }

  /** The noise levels of the run. */
  public SigmaSchedule schedule() {
    return plan.schedule();
  }

  /** A copy of the latents as they are, with the number of steps done. */
  public Progress progress() {
    PackedLatents copy =
        new PackedLatents(
            plan.grid().tokens(),
            networks.transformer().config().channels(),
            latents.toFloatArray());
    return new Progress(completedSteps, copy);
  }

  /**
   * Decodes the latents as they are; the picture is worth looking at when the run is finished. Kept
   * tokens show the reference's own pixels.
   */
  public SheetPixels decode() {
    Autoencoder autoencoder = networks.autoencoder();
    try (NDManager scratch = manager.newSubManager()) {
      NDArray pixels =
          autoencoder.pixels(autoencoder.decode(latents, plan.grid(), scratch), scratch);
      Shape shape = pixels.getShape();
      ByteBuffer bytes = pixels.toByteBuffer();
      byte[] rgb = new byte[bytes.remaining()];
      bytes.get(rgb);
      SheetPixels drawn = new SheetPixels((int) shape.get(1), (int) shape.get(0), rgb);
      return plan.anchor().map(anchor -> anchor.sheet().paste(drawn)).orElse(drawn);
    }
  }

  /**
   * A small picture of what the sheet is going to be, one pixel a latent cell: the latents with the
   * noise taken off along the last step's velocity, mapped to colours.
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

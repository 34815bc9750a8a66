package dev.polyptych.engine.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.model.FluxTransformer.Step;
import dev.polyptych.engine.model.StepParts;
import dev.polyptych.engine.model.StepParts.Lead;
import dev.polyptych.engine.model.StepParts.Rest;
import dev.polyptych.engine.model.StepParts.Run;
import java.util.Optional;

/**
 * Computes the steps of one run with a cache. Its arrays are attached to the run's manager and are
 * freed with it. Checkpoints don't store them, so the first step after a resume is computed in
 * full. Render thread only.
 */
final class StepReuse {
  private final StepParts parts;
  private final Run run;
  private final ReuseRule rule;
  private final NDManager manager;

  /** Mark of the step that the next one is compared with; empty before the first step. */
  private Optional<NDArray> mark = Optional.empty();

  /** Residual of the last step that was computed in full. */
  private Optional<NDArray> residual = Optional.empty();

  private int reused;

  /**
   * @param manager owner of the arrays that are kept between steps
   */
  StepReuse(StepParts parts, Run run, ReuseRule rule, NDManager manager) {
    this.parts = parts;
    this.run = run;
    this.rule = rule;
    this.manager = manager;
  }

  /** One Euler step. The result is attached to the run's manager. */
  NDArray step(NDArray latents, Step step) {
    try (NDManager scratch = manager.newSubManager()) {
      Lead lead = parts.lead(latents, step.index(), rule.blocks(), run, scratch);
      boolean reuse = mark.isPresent() && rule.reuses(step.index(), distance(lead));
      NDArray image = reuse ? added(lead, scratch) : computed(lead, step, scratch);
      return parts.step(latents, image, step, run, manager);
    }
  }

  private double distance(Lead lead) {
    return parts.distance(lead.mark(), mark.orElseThrow());
  }

  private NDArray added(Lead lead, NDManager scratch) {
    reused++;
    if (rule.comparesNeighbours()) {
      keepMark(lead);
    }
    return parts.added(lead, residual.orElseThrow(), scratch);
  }

  private NDArray computed(Lead lead, Step step, NDManager scratch) {
    keepMark(lead);
    // Freed first, because the blocks need the memory.
    residual.ifPresent(NDArray::close);
    Rest rest = parts.rest(lead, step.index(), run, scratch);
    rest.residual().attach(manager);
    residual = Optional.of(rest.residual());
    return rest.image();
  }

  private void keepMark(Lead lead) {
    mark.ifPresent(NDArray::close);
    lead.mark().attach(manager);
    mark = Optional.of(lead.mark());
  }

  /** Number of steps that reused an earlier result. */
  int reused() {
    return reused;
  }
}

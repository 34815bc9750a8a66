package dev.polyptych.engine.model;

import static dev.polyptych.engine.model.FluxTransformer.with;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.model.FluxTransformer.Conditioning;
import dev.polyptych.engine.model.FluxTransformer.Step;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import java.util.List;

/**
 * The parts of a transformer step, so that the result of most blocks can be kept for other steps.
 * {@link #lead}, {@link #rest} and {@link #step} in sequence give the same bits as {@link
 * FluxTransformer#step}. Unless stated otherwise, arrays are (1, tokens, width) in the compute type
 * and results are attached to the given manager. Belongs to the render thread.
 */
public final class StepParts {
  private final FluxTransformer transformer;

  StepParts(FluxTransformer transformer) {
    this.transformer = transformer;
  }

  /** The inputs that all steps of a run share. */
  public record Run(Conditioning conditioning, Weights weights) {}

  /**
   * The start of a step.
   *
   * @param done number of computed double blocks, 0 or 1
   * @param image image tokens after them
   * @param text text tokens after them
   * @param mark measures the distance to another step: what the first block added to the image
   *     tokens or, with no computed block, what it would read of them
   */
  public record Lead(int done, NDArray image, NDArray text, NDArray mark) {}

  /**
   * The remaining blocks of a step.
   *
   * @param image image tokens after all blocks
   * @param residual what the blocks after the lead added to the image tokens
   */
  public record Rest(NDArray image, NDArray residual) {}

  /**
   * Starts a step. The model must have a double block.
   *
   * @param latents (1, tokens, channels), float32
   * @param index index of the step's noise level
   * @param done number of double blocks to compute, 0 or 1
   */
  public Lead lead(NDArray latents, int index, int done, Run run, NDManager manager) {
    try (FluxTransformer.Input input = transformer.input(latents, run.conditioning(), manager);
        Graph.Call call = transformer.call("lead")) {
      call.with(input.tokens()).withNumber(index).withNumber(done);
      List<NDArray> lead = drawn(call, run).tensors(manager);
      return new Lead(done, lead.get(0), lead.get(1), lead.get(2));
    }
  }

  /**
   * Mean absolute difference of two marks, divided by the mean absolute value of the earlier one.
   * NaN if a mark is not finite. Waits for the device.
   */
  public double distance(NDArray mark, NDArray before) {
    try (Graph.Call call = transformer.call("distance")) {
      return call.with(mark).with(before).number();
    }
  }

  /** Computes the blocks after the lead. */
  public Rest rest(Lead lead, int index, Run run, NDManager manager) {
    try (Graph.Call call = transformer.call("rest")) {
      call.with(lead.image()).with(lead.text()).withNumber(index).withNumber(lead.done());
      List<NDArray> rest = drawn(call, run).tensors(manager);
      return new Rest(rest.get(0), rest.get(1));
    }
  }

  /** Image tokens after all blocks, with the residual of an earlier step. */
  public NDArray added(Lead lead, NDArray residual, NDManager manager) {
    try (Graph.Call call = transformer.call("added")) {
      return call.with(lead.image()).with(residual).tensor(manager);
    }
  }

  /**
   * Finishes a step.
   *
   * @param latents (1, tokens, channels), float32, from the start of the step
   * @param image image tokens after all blocks
   * @return the next latents, of the same shape and type
   */
  public NDArray step(NDArray latents, NDArray image, Step step, Run run, NDManager manager) {
    try (Graph.Call call = transformer.call("stepped")) {
      call.with(latents).with(image).withNumber(step.index()).with(step.sigma()).with(step.next());
      call.with(run.conditioning().modulations());
      return with(call, run.weights()).tensor(manager);
    }
  }

  private Graph.Call drawn(Graph.Call call, Run run) {
    return with(transformer.with(call, run.conditioning()), run.weights());
  }
}

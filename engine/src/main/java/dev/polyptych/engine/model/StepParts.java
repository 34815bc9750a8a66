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
 * A step of the transformer taken apart, so that what most blocks add to the image tokens can be
 * kept for other steps. {@link #lead}, {@link #rest} and {@link #step} in a row give the bits of
 * {@link FluxTransformer#step}. Arrays are (1, tokens, width) in the compute type unless said
 * otherwise, attached to the manager named. Belongs to the render thread.
 */
public final class StepParts {
  private final FluxTransformer transformer;

  StepParts(FluxTransformer transformer) {
    this.transformer = transformer;
  }

  /** What all parts of a run's steps read. */
  public record Run(Conditioning conditioning, Weights weights) {}

  /**
   * How a step begins.
   *
   * @param done double blocks that are done, 0 or 1
   * @param image tokens after them
   * @param text tokens after them
   * @param mark tells how far this step is from another: what the first block added to the image
   *     tokens or, with none done, would read of them
   */
  public record Lead(int done, NDArray image, NDArray text, NDArray mark) {}

  /**
   * How a step goes on.
   *
   * @param image tokens after all blocks
   * @param residual what the blocks after the lead added to them
   */
  public record Rest(NDArray image, NDArray residual) {}

  /** Begins a step; the model must have a double block. */
  public Lead lead(NDArray latents, int index, int done, Run run, NDManager manager) {
    try (Graph.Call call = transformer.call("lead")) {
      call.with(latents).withNumber(index).withNumber(done);
      List<NDArray> lead = drawn(call, run).tensors(manager);
      return new Lead(done, lead.get(0), lead.get(1), lead.get(2));
    }
  }

  /**
   * Mean absolute difference of two marks over the mean absolute value of the earlier one; NaN for
   * marks that are not finite. Waits for the device.
   */
  public double distance(NDArray mark, NDArray before) {
    try (Graph.Call call = transformer.call("distance")) {
      return call.with(mark).with(before).number();
    }
  }

  /** Does the blocks after the lead. */
  public Rest rest(Lead lead, int index, Run run, NDManager manager) {
    try (Graph.Call call = transformer.call("rest")) {
      call.with(lead.image()).with(lead.text()).withNumber(index).withNumber(lead.done());
      List<NDArray> rest = drawn(call, run).tensors(manager);
      return new Rest(rest.get(0), rest.get(1));
    }
  }

  /** The image tokens after all blocks, had those after the lead added what they did before. */
  public NDArray added(Lead lead, NDArray residual, NDManager manager) {
    try (Graph.Call call = transformer.call("added")) {
      return call.with(lead.image()).with(residual).tensor(manager);
    }
  }

  /**
   * Ends a step.
   *
   * @param latents (1, tokens, channels), float32, that it began with; the result is like them
   * @param image tokens after all blocks
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

package dev.polyptych.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.TransformerConfig;
import java.util.List;

/**
 * The FLUX transformer (diffusers transformer_flux.py): predicts the velocity of packed latents.
 * Base weights are read only; what a call draws with is an argument, {@link Weights}. Belongs to
 * the render thread.
 */
public final class FluxTransformer {
  /** The graph's sign for a model without guidance embedding. */
  private static final double NO_GUIDANCE = -1;

  private final TransformerConfig config;
  private final Graph graph;
  private final TensorMap base;
  private final RotaryTable rotary;

  private FluxTransformer(TransformerConfig config, Graph graph, TensorMap base) {
    this.config = config;
    this.graph = graph;
    this.base = base;
    this.rotary = new RotaryTable(config.axes());
  }

  /**
   * Weights of one call.
   *
   * @param base under the model folder's names
   * @param branch adapter tensors {@code <module>.lora_A} (rank x in), {@code <module>.lora_B} (out
   *     x rank)
   * @param strength of the branch
   */
  public record Weights(TensorMap base, TensorMap branch, double strength) {}

  /** Image tokens of a sheet: rows x columns. */
  public record Grid(int rows, int columns) {
    /** Number of image tokens. */
    public int tokens() {
      return rows * columns;
    }
  }

  /**
   * What a run's steps share: all that does not hang on the latents, worked out once.
   *
   * @param text embedded text states (1, text tokens, width)
   * @param modulations of every block and of the output: (parts, noise levels, 1, width)
   * @param positions rotary table (2, text + image tokens, head width / 2), float32
   */
  public record Conditioning(NDArray text, List<NDArray> modulations, NDArray positions) {
    public Conditioning {
      modulations = List.copyOf(modulations);
    }
  }

  /** Loads the weights of a folder onto the manager's device. */
  public static FluxTransformer load(ModelFolder folder, TensorLoader loader, NDManager manager) {
    try (WeightFiles files =
        WeightFiles.open(folder.path().resolve("transformer"), "diffusion_pytorch_model")) {
      TensorMap base =
          loader.loadPacked(files.sources(folder.transformer().tensors(), List::of), manager);
      return new FluxTransformer(folder.transformer(), Graph.load("transformer", manager), base);
    }
  }

  /** The weights as they stand in the folder. */
  public TensorMap base() {
    return base;
  }

  /** Sizes of this transformer. */
  public TransformerConfig config() {
    return config;
  }

  /**
   * What a run asks for.
   *
   * @param states of the text (1, text tokens, text width), compute type
   * @param pooled state of the text (1, pooled width), compute type
   * @param guidance scale; ignored by models without guidance embedding
   * @param sigmas noise levels that its steps begin at, 0 to 1
   */
  public record Brief(
      NDArray states, NDArray pooled, double guidance, Grid grid, List<Double> sigmas) {
    public Brief {
      sigmas = List.copyOf(sigmas);
    }
  }

  /** Does the work that all steps share; the result is attached to {@code manager}. */
  public Conditioning prepare(Brief brief, Weights weights, NDManager manager) {
    try (Graph.Call call = graph.call("prepare")) {
      call.with(brief.states())
          .with(brief.pooled())
          .with(config.guided() ? brief.guidance() : NO_GUIDANCE)
          .withFractions(brief.sigmas().stream().mapToDouble(Double::doubleValue).toArray());
      List<NDArray> shared = with(sized(call), weights).tensors(manager);
      int text = Math.toIntExact(shared.getFirst().getShape().get(1));
      return new Conditioning(
          shared.getFirst(),
          shared.subList(1, shared.size()),
          positions(text, brief.grid(), manager));
    }
  }

  private NDArray positions(int text, Grid grid, NDManager manager) {
    Shape shape = new Shape(2, text + grid.tokens(), rotary.half());
    return manager.create(rotary.values(text, grid.rows(), grid.columns()), shape);
  }

  /**
   * A step of a run.
   *
   * @param index of its noise level among those of the brief
   * @param sigma the noise level it begins at
   * @param next the noise level it ends at, 0 to 1
   */
  public record Step(int index, double sigma, double next) {}

  /**
   * One Euler step.
   *
   * @param latents (1, tokens, channels), float32
   * @param manager that the result, of the same shape and type, is attached to
   */
  public NDArray step(
      NDArray latents, Step step, Conditioning conditioning, Weights weights, NDManager manager) {
    try (Graph.Call call = graph.call("step")) {
      call.with(latents).withNumber(step.index()).with(step.sigma()).with(step.next());
      return with(with(call, conditioning), weights).tensor(manager);
    }
  }

  /**
   * Whether all values are finite. Waits for the device, so a step that was checked is a step that
   * is done.
   */
  public boolean finite(NDArray latents) {
    try (Graph.Call call = graph.call("finite")) {
      return call.with(latents).flag();
    }
  }

  /**
   * The velocity at a noise level of the brief, given by its index; latents, result and manager as
   * in {@link #step}.
   */
  public NDArray velocity(
      NDArray latents, int index, Conditioning conditioning, Weights weights, NDManager manager) {
    try (Graph.Call call = graph.call("velocity")) {
      call.with(latents).withNumber(index);
      return with(with(call, conditioning), weights).tensor(manager);
    }
  }

  /** A step's parts one by one, for runs that leave some out. */
  public StepParts parts() {
    return new StepParts(this);
  }

  Graph.Call call(String method) {
    return graph.call(method);
  }

  Graph.Call with(Graph.Call call, Conditioning conditioning) {
    return sized(
        call.with(conditioning.text())
            .with(conditioning.modulations())
            .with(conditioning.positions()));
  }

  private Graph.Call sized(Graph.Call call) {
    return call.withNumbers(config.heads(), config.doubleBlocks(), config.singleBlocks());
  }

  static Graph.Call with(Graph.Call call, Weights weights) {
    return call.with(weights.base()).with(weights.branch()).with(weights.strength());
  }
}

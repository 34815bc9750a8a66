package dev.polyptych.engine.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.Float8Products;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorLoader.Storage;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.weights.model.Float8Layers;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.Network;
import dev.polyptych.weights.model.TransformerConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The FLUX transformer (diffusers transformer_flux.py). It predicts the velocity of packed latents.
 * The base weights never change; each call gets its weights as an argument, {@link Weights}.
 * Belongs to the render thread.
 */
public final class FluxTransformer {
  /** Tells the graph that the model has no guidance embedding. */
  private static final double NO_GUIDANCE = -1;

  private final TransformerConfig config;
  private final Graph graph;
  private final TensorLoader loader;
  private final TensorMap base;

  /** Names of weights that are in host memory. */
  private final Set<String> moved;

  private final RotaryTable rotary;

  private FluxTransformer(Loading loading, Graph graph, TensorMap base, Set<String> moved) {
    this.config = loading.folder().transformer();
    this.loader = loading.loader();
    this.graph = graph;
    this.base = base;
    this.moved = moved;
    this.rotary = new RotaryTable(config.axes());
  }

  /**
   * Weights of one call.
   *
   * @param base base weights, named as in the model folder
   * @param branch adapter tensors {@code <module>.lora_A} (rank x inputs) and {@code
   *     <module>.lora_B} (outputs x rank), and others ({@code transformer.torchscript}); may be
   *     empty
   * @param strength factor of the branch
   * @param text tells apart what the branch changes of the text encoders; empty if it changes
   *     nothing there
   */
  public record Weights(TensorMap base, TensorMap branch, double strength, String text) {
    /** Without a change of the text encoders. */
    public Weights(TensorMap base, TensorMap branch, double strength) {
      this(base, branch, strength, "");
    }
  }

  /** Image tokens of a sheet: rows x columns. */
  public record Grid(int rows, int columns) {
    /** Number of image tokens. */
    public int tokens() {
      return rows * columns;
    }
  }

  /**
   * What the steps of a run share: everything that does not depend on the latents, computed once.
   *
   * @param text embedded text states (1, text tokens, width)
   * @param modulations for every block and for the output: (parts, noise levels, 1, width)
   * @param positions rotary table (2, text + image tokens, head width / 2), float32
   * @param beside what Fill reads beside the latents (1, tokens, inputs - channels), float32; empty
   *     for other models
   */
  public record Conditioning(
      NDArray text, List<NDArray> modulations, NDArray positions, Optional<NDArray> beside) {
    public Conditioning {
      modulations = List.copyOf(modulations);
    }
  }

  /**
   * Loads the weights of a folder onto the manager's device, in the compute type.
   *
   * @throws dev.polyptych.weights.model.ModelFolderException if the weights are missing or wrong
   */
  public static FluxTransformer load(ModelFolder folder, TensorLoader loader, NDManager manager) {
    return load(new Loading(folder, loader), Optional.empty(), false, manager);
  }

  /**
   * Loads the weights of a model.
   *
   * @param float8 how to multiply with float8 weights; empty: they lie in the compute type
   * @param modulationMoved whether those of the modulation stay in host memory, from where {@link
   *     #prepare} copies them for its work
   * @param manager of the device that draws
   * @throws dev.polyptych.weights.model.ModelFolderException if the weights are missing or wrong
   */
  public static FluxTransformer load(
      Loading loading,
      Optional<Float8Products> float8,
      boolean modulationMoved,
      NDManager manager) {
    Graph graph = Graph.load("transformer", manager);
    Storage storage =
        float8
            .map(
                products ->
                    new Storage(
                        Float8Layers.of(loading.folder().transformer()),
                        Float8Trial.multiplies(products, graph, loading.loader(), manager),
                        true))
            .orElse(Storage.wide(true));
    if (!modulationMoved) {
      TensorMap base = loading.weights(Network.TRANSFORMER, storage, manager);
      return new FluxTransformer(loading, graph, base, Set.of());
    }
    NDManager host = manager.newSubManager(Device.cpu());
    Loading there = loading.to(new TensorLoader(host, loading.loader().computeType()));
    TensorMap moved =
        there.weights(Network.TRANSFORMER, storage.unpacked(), Float8Layers::modulation, host);
    TensorMap rest =
        loading.weights(
            Network.TRANSFORMER, storage, name -> !Float8Layers.modulation(name), manager);
    return new FluxTransformer(loading, graph, rest.and(moved), moved.names());
  }

  /** The weights of the folder. */
  public TensorMap base() {
    return base;
  }

  /** Sizes of this transformer. */
  public TransformerConfig config() {
    return config;
  }

  /**
   * The inputs of a run.
   *
   * @param states text states (1, text tokens, text width), compute type
   * @param pooled pooled text state (1, pooled width), compute type
   * @param guidance guidance scale; ignored by models without guidance embedding
   * @param sigmas noise levels at the start of its steps, 0 to 1
   * @param beside as in {@link Conditioning}
   */
  public record Brief(
      NDArray states,
      NDArray pooled,
      double guidance,
      Grid grid,
      List<Double> sigmas,
      Optional<NDArray> beside) {
    public Brief {
      sigmas = List.copyOf(sigmas);
    }

    /** For a model that reads nothing beside the latents. */
    public Brief(NDArray states, NDArray pooled, double guidance, Grid grid, List<Double> sigmas) {
      this(states, pooled, guidance, grid, sigmas, Optional.empty());
    }
  }

  /** Does the work that all steps share. The result is attached to {@code manager}. */
  @SuppressWarnings("ReferenceEquality")
  public Conditioning prepare(Brief brief, Weights weights, NDManager manager) {
    if (moved.isEmpty()) {
      return prepared(brief, weights, manager);
    }
    NDManager own = manager.newSubManager();
    Map<String, NDArray> here = new LinkedHashMap<>();
    for (String name : moved) {
      // Merged adapters have layers of their own, which are on the device.
      if (weights.base().array(name) == base.array(name)) {
        NDArray there = base.array(name);
        boolean weight = name.endsWith(".weight");
        here.put(name, weight ? loader.movedPacked(there, own) : loader.moved(there, own));
      }
    }
    try (TensorMap all = weights.base().with(here, own)) {
      return prepared(
          brief, new Weights(all, weights.branch(), weights.strength(), weights.text()), manager);
    }
  }

  private Conditioning prepared(Brief brief, Weights weights, NDManager manager) {
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
          positions(text, brief.grid(), manager),
          brief.beside());
    }
  }

  private NDArray positions(int text, Grid grid, NDManager manager) {
    Shape shape = new Shape(2, text + grid.tokens(), rotary.half());
    return manager.create(rotary.values(text, grid.rows(), grid.columns()), shape);
  }

  /**
   * A step of a run.
   *
   * @param index index of its noise level in {@link Brief#sigmas}
   * @param sigma noise level at its start, 0 to 1
   * @param next noise level at its end, 0 to 1
   */
  public record Step(int index, double sigma, double next) {}

  /**
   * One Euler step.
   *
   * @param latents (1, tokens, channels), float32
   * @param manager owner of the result
   * @return latents of the same shape and type
   */
  public NDArray step(
      NDArray latents, Step step, Conditioning conditioning, Weights weights, NDManager manager) {
    try (Input input = input(latents, conditioning, manager);
        Graph.Call call = graph.call("step")) {
      call.with(input.tokens()).withNumber(step.index()).with(step.sigma()).with(step.next());
      return with(with(call, conditioning), weights).tensor(manager);
    }
  }

  /** Whether all values are finite. This waits for the device, so a checked step is complete. */
  public boolean finite(NDArray latents) {
    try (Graph.Call call = graph.call("finite")) {
      return call.with(latents).flag();
    }
  }

  /**
   * The velocity at a noise level.
   *
   * @param latents as in {@link #step}
   * @param index index of the noise level in {@link Brief#sigmas}
   * @param manager owner of the result
   * @return (1, tokens, channels), float32
   */
  public NDArray velocity(
      NDArray latents, int index, Conditioning conditioning, Weights weights, NDManager manager) {
    try (Input input = input(latents, conditioning, manager);
        Graph.Call call = graph.call("velocity")) {
      call.with(input.tokens()).withNumber(index);
      return with(with(call, conditioning), weights).tensor(manager);
    }
  }

  /**
   * The tokens that the transformer reads.
   *
   * @param own whether closing frees them
   */
  record Input(NDArray tokens, boolean own) implements AutoCloseable {
    @Override
    public void close() {
      if (own) {
        tokens.close();
      }
    }
  }

  /** The latents, and what lies beside them. */
  Input input(NDArray latents, Conditioning conditioning, NDManager manager) {
    if (conditioning.beside().isEmpty()) {
      return new Input(latents, false);
    }
    try (Graph.Call call = graph.call("beside")) {
      call.with(latents).with(conditioning.beside().get());
      return new Input(call.tensor(manager), true);
    }
  }

  /** The parts of a step, for runs that skip some of them. */
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

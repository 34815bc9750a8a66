package dev.polyptych.engine.denoise;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.adapter.AdapterPlacement;
import dev.polyptych.engine.adapter.AdapterTrial;
import dev.polyptych.engine.adapter.AppliedAdapters;
import dev.polyptych.engine.adapter.DevicePlacement;
import dev.polyptych.engine.denoise.Denoising.Progress;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Float8Products;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.model.Loading;
import dev.polyptych.engine.model.WeightSource;
import dev.polyptych.engine.plan.MemoryPlan;
import dev.polyptych.schema.catalog.PromptTemplate;
import dev.polyptych.schema.catalog.TextReading;
import dev.polyptych.weights.lora.AdapterReader;
import dev.polyptych.weights.lora.HostAdapter;
import dev.polyptych.weights.model.Float8Layers;
import dev.polyptych.weights.model.ModelFolder;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loaded FLUX model in diffusers layout. This is the entry point of the engine. It owns all
 * native memory of the engine. Not thread-safe: open, use and close it on one thread, the render
 * thread. The same holds for every object that it returns, unless its Javadoc says otherwise.
 */
public final class FluxPipeline implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FluxPipeline.class);

  private final ModelFolder folder;
  private final ComputeType computeType;
  private final MemoryPlan plan;
  private final NDManager manager;
  private final Networks networks;
  private final AdapterReader adapterReader;
  private final Runs runs;
  private final AdapterPlacement adapterPlacement;
  private final AppliedAdapters none;
  private AppliedAdapters adapters;

  private FluxPipeline(
      ModelFolder folder,
      WeightSource source,
      ComputeType computeType,
      MemoryPlan plan,
      Float8Products products,
      NDManager manager) {
    this.folder = folder;
    this.computeType = computeType;
    this.plan = plan;
    this.manager = manager;
    TensorLoader loader = new TensorLoader(manager, computeType);
    this.networks = Networks.load(new Loading(folder, source, loader), plan, products, manager);
    this.runs = new Runs(folder, networks, manager);
    this.adapterReader = new AdapterReader(folder);
    this.adapterPlacement = new DevicePlacement(networks.transformer(), loader, manager);
    this.none = adapterPlacement.joined(List.of(), List.of());
    this.adapters = none;
  }

  /**
   * Loads PyTorch's native library. A second call waits for the first. Any thread may call it.
   *
   * @return the library's version
   */
  public static String loadPyTorch() {
    return Engine.getEngine("PyTorch").getVersion();
  }

  /**
   * Loads a model folder onto a device.
   *
   * @throws dev.polyptych.weights.model.ModelFolderException if the folder is unusable; the message
   *     says why and what to do
   * @throws IllegalStateException if the options ask for a GPU and PyTorch sees none
   */
  public static FluxPipeline open(Path path, EngineOptions options) {
    ModelFolder folder = ModelFolder.open(path);
    MemoryPlan plan = DevicePlan.of(folder, Float8Layers.stored(folder), options);
    return open(folder, WeightSource.files(), options, plan);
  }

  /**
   * Loads a model onto a device as planned.
   *
   * @param source of its weights
   * @throws dev.polyptych.weights.model.ModelFolderException if the model is unusable
   * @throws IllegalStateException if the options ask for a GPU and PyTorch sees none
   */
  public static FluxPipeline open(
      ModelFolder folder, WeightSource source, EngineOptions options, MemoryPlan plan) {
    Device device = options.device().device();
    JniUtils.setNumThreads(options.threads());
    ComputeType computeType = options.computeType(device);
    LOG.info("memory plan: {}", plan);
    if (options.room().isPresent() && !plan.fits()) {
      LOG.warn("by this plan the model does not fit the device's memory");
    }
    NDManager manager = NDManager.newBaseManager(device, "PyTorch");
    try {
      FluxPipeline opened =
          new FluxPipeline(folder, source, computeType, plan, options.products(), manager);
      LOG.info(
          "model {}: {}, {}, weights {} on {}",
          folder.file().path().getFileName(),
          folder.size(),
          computeType.text(),
          plan.weights().text(),
          device);
      return opened;
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** How the model lies in the device's memory. */
  public MemoryPlan plan() {
    return plan;
  }

  /** The type that this pipeline computes in. */
  public ComputeType computeType() {
    return computeType;
  }

  /** Memory of the device in bytes, including that of other processes; empty for a CPU. */
  public Optional<MemoryUsage> deviceMemory() {
    Device device = manager.getDevice();
    try {
      return device.isGpu() ? Optional.of(CudaUtils.getGpuMemory(device)) : Optional.empty();
    } catch (RuntimeException unknown) {
      return Optional.empty();
    }
  }

  /** The device as text for logs: {@code cpu()} or {@code gpu(0)}. */
  public String device() {
    return manager.getDevice().toString();
  }

  /**
   * Edge of a token in pixels (16 in FLUX.1). A sheet's width and height must be multiples of it.
   */
  public int tokenEdge() {
    return folder.tokenEdge();
  }

  /** Whether the model was trained to read references beside the noise, as FLUX.1 Fill. */
  public boolean conditions() {
    return folder.transformer().fills();
  }

  /** Channels of a packed latent token (64 in FLUX.1). */
  public int channels() {
    return folder.transformer().channels();
  }

  /** Number of text tokens in the transformer's sequence, including padding (512 in FLUX.1). */
  public int textTokens() {
    return Math.toIntExact(networks.prompts().encode("").states().getShape().get(1));
  }

  /** How much of a prompt the text encoders read. Any thread may ask. */
  public TextReading read(PromptTemplate.Composed prompt) {
    return networks.prompts().read(prompt);
  }

  /**
   * Reads an adapter onto the device without using it. The caller closes it after the last run that
   * uses it.
   *
   * @throws dev.polyptych.weights.lora.AdapterException if the file does not fit the model
   */
  public Adapter readAdapter(Path path) {
    return adapterPlacement.branch(adapterReader.read(path));
  }

  /** A reader of adapter files for this model into host memory. Any thread may use it. */
  public AdapterReader adapterReader() {
    return adapterReader;
  }

  /** Brings adapters from host memory to the device. */
  public AdapterPlacement adapterPlacement() {
    return adapterPlacement;
  }

  /** Uses adapters from the next run on. This only changes a reference, so it takes no time. */
  public void use(AppliedAdapters next) {
    adapters = next;
  }

  /** Uses the base without adapter from the next run on. */
  public void useNone() {
    adapters = none;
  }

  /**
   * Measures what an adapter costs over a sheet of that size in pixels. Afterwards the pipeline
   * draws without an adapter.
   *
   * @param rounds measured steps of each kind
   * @throws IllegalArgumentException if width or height is no multiple of {@link #tokenEdge()}
   */
  public AdapterTrial.Times measure(HostAdapter candidate, int width, int height, int rounds) {
    try {
      return AdapterTrial.measure(
          adapterPlacement,
          candidate,
          rounds,
          (with, steps) -> {
            adapters = with;
            return start(new DenoiseRequest("trial", width, height, steps, 3.5, 0));
          });
    } finally {
      useNone();
    }
  }

  /**
   * Starts a run from the seed's noise.
   *
   * @throws IllegalArgumentException if width or height is no multiple of {@link #tokenEdge()}, if
   *     the reference's strength leaves no step, or if the request has a step cache and the model
   *     has no double block
   */
  public Denoising start(DenoiseRequest request) {
    return runs.start(request, runs.noise(request), adapters.weights());
  }

  /**
   * Starts a run from given noise. With a reference, such a run can't be resumed to the same bits:
   * a checkpoint does not store the noise.
   *
   * @throws IllegalArgumentException as {@link #start(DenoiseRequest)}, or if the noise does not
   *     have the request's size
   */
  public Denoising start(DenoiseRequest request, PackedLatents noise) {
    return runs.start(request, noise, adapters.weights());
  }

  /**
   * Resumes a run from a checkpoint.
   *
   * @throws IllegalArgumentException as {@link #start(DenoiseRequest)}, or if the checkpoint does
   *     not fit the request's size and steps
   */
  public Denoising resume(DenoiseRequest request, Progress progress) {
    return runs.resume(request, progress, adapters.weights());
  }

  /**
   * Runs one step of a sheet and decodes it. Later runs then don't pay for PyTorch's work on first
   * use, and memory is known to suffice for this size.
   */
  public void warmUp(int width, int height, Optional<StepCache> cache) {
    DenoiseRequest bare = new DenoiseRequest("warm-up", width, height, 1, 1, 0);
    try (Denoising run = start(cache.map(bare::with).orElse(bare))) {
      run.step();
      run.decode();
    }
  }

  /**
   * Number of live native arrays, including weights but not the bounded cache of encoded prompts.
   * If it grows from run to run, something leaks.
   */
  public int liveArrays() {
    return manager.getManagedArrays().size() - networks.prompts().arrays();
  }

  @Override
  public void close() {
    manager.close();
  }
}

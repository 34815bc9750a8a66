package dev.polyptych.worker.render.flux;

import dev.polyptych.engine.adapter.AdapterFolder;
import dev.polyptych.engine.adapter.AdapterUse;
import dev.polyptych.engine.adapter.AppliedAdapters;
import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.Denoising.Progress;
import dev.polyptych.engine.denoise.DeviceChoice;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.plan.MemoryDemand.Room;
import dev.polyptych.engine.plan.MemoryPlan;
import dev.polyptych.schema.catalog.AdapterSet;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.catalog.TextReading;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.schema.job.PinnedAdapter;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.weights.lora.AdapterException;
import dev.polyptych.weights.model.ModelFile;
import dev.polyptych.worker.adapter.AdapterStore;
import dev.polyptych.worker.config.AdapterSettings;
import dev.polyptych.worker.config.EngineSettings;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.RenderException;
import dev.polyptych.worker.render.Rendering;
import dev.polyptych.worker.render.flux.CheckpointState.Maker;
import dev.polyptych.worker.trace.StartTimes;
import java.io.File;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renders with a {@link FluxPipeline} and the adapters beside its model. Render thread only. */
public final class FluxPanelSetEngine implements PanelSetEngine {
  private static final Logger LOG = LoggerFactory.getLogger(FluxPanelSetEngine.class);

  private final FluxPipeline pipeline;
  private final AdapterUse adapters;
  private final Maker maker;
  private final Origin origin;
  private final StartTimes times;
  private final List<Path> adapterFolders;
  private final DeviceFailures failures;

  private FluxPanelSetEngine(
      FluxPipeline pipeline,
      AdapterUse adapters,
      Maker maker,
      Origin origin,
      StartTimes times,
      List<Path> adapterFolders,
      DeviceFailures failures) {
    this.adapterFolders = adapterFolders;
    this.pipeline = pipeline;
    this.adapters = adapters;
    this.maker = maker;
    this.origin = origin;
    this.times = times;
    this.failures = failures;
  }

  /** Begins to load PyTorch on another thread, so that it is loaded when the engine is opened. */
  public static void prepare(StartTimes times) {
    Thread.ofPlatform()
        .daemon()
        .name("pytorch")
        .start(
            () -> {
              try {
                times.of("pytorch", FluxPipeline::loadPyTorch);
              } catch (RuntimeException | LinkageError unusable) {
                LOG.debug("PyTorch can't be loaded; opening the engine reports it", unusable);
              }
            });
  }

  /** Opens the model and draws a step of the catalog's largest sheet, to be sure that it fits. */
  public static PanelSetEngine.Source source(EngineSettings settings) {
    return source(settings, StartTimes.fromNow());
  }

  /** As {@link #source(EngineSettings)}; records how long each part of opening takes. */
  public static PanelSetEngine.Source source(EngineSettings settings, StartTimes times) {
    return () -> {
      // First: two threads must not load parts of PyTorch at the same time.
      FluxPipeline.loadPyTorch();
      Optional<Task> largest =
          settings.catalog().tasks().stream()
              .max(
                  Comparator.comparingInt(task -> task.layout().tokens(settings.catalog().edge())));
      EngineOptions options = options(settings, largest);
      FluxPipeline pipeline = times.of("model", () -> FluxPipeline.open(settings.model(), options));
      try {
        warnOfAnotherEdge(settings, pipeline);
        Runnable warm = times.begin("warm-up");
        largest.ifPresent(
            task ->
                pipeline.warmUp(
                    task.layout().sheetWidth(), task.layout().sheetHeight(), settings.stepCache()));
        warm.run();
        AdapterSettings limits = settings.adapters();
        AdapterStore store =
            new AdapterStore(limits.store(), limits.storeBytes(), Clock.systemUTC());
        return new FluxPanelSetEngine(
            pipeline,
            AdapterSetup.open(settings, store, pipeline, largest),
            maker(settings, pipeline),
            origin(settings, pipeline, options),
            times,
            List.of(AdapterSetup.folder(settings), store.folder()),
            new DeviceFailures(largest.map(Task::layout)));
      } catch (RuntimeException unfit) {
        pipeline.close();
        throw unfit;
      }
    };
  }

  private static EngineOptions options(EngineSettings settings, Optional<Task> largest) {
    EngineOptions plain =
        new EngineOptions(DeviceChoice.AUTO, computeType(settings), settings.intraOpThreads())
            .with(settings.weightType());
    AdapterSettings limits = settings.adapters();
    return largest
        .map(Task::layout)
        .map(
            sheet ->
                plain.with(
                    new Room(
                        sheet.sheetWidth(),
                        sheet.sheetHeight(),
                        limits.deviceBytes(),
                        limits.mergeBytes())))
        .orElse(plain);
  }

  @Override
  public Optional<MemoryPlan> memoryPlan() {
    return Optional.of(pipeline.plan());
  }

  private static void warnOfAnotherEdge(EngineSettings settings, FluxPipeline pipeline) {
    int edge = settings.catalog().edge();
    if (edge != pipeline.tokenEdge()) {
      LOG.warn(
          "a token of this model is {} pixels wide, but its catalog says {}: estimates are wrong,"
              + " and layouts may be refused; write tokenEdge: {} into the catalog",
          pipeline.tokenEdge(),
          edge,
          pipeline.tokenEdge());
    }
  }

  private static Maker maker(EngineSettings settings, FluxPipeline pipeline) {
    settings
        .stepCache()
        .ifPresent(
            cache -> LOG.info("step cache {} is on: pictures differ from the model's own", cache));
    String type = pipeline.computeType().text();
    return new Maker(
        new Identity(settings.catalog().model(), pipeline.device(), type), settings.stepCache());
  }

  private static Origin origin(
      EngineSettings settings, FluxPipeline pipeline, EngineOptions options) {
    return new Origin(
        ModelFile.read(settings.model()).digests(),
        Origin.engine(pipeline.device(), pipeline.computeType().text(), options.threads()));
  }

  @Override
  public Identity identity() {
    return maker.identity();
  }

  @Override
  public void warm(String adapter) {
    try {
      failures.translated(
          "adapter " + adapter,
          () -> {
            adapters.warm(AdapterSet.of(adapter));
            return true;
          });
    } catch (AdapterException unfit) {
      LOG.atWarn().addKeyValue("adapter", adapter).log("{}", unfit.getMessage());
      // Tenants read it, so it names the file, but not the folder on this machine.
      String told = unfit.getMessage();
      for (Path folder : adapterFolders) {
        told = told.replace(folder + File.separator, "");
      }
      ErrorCode code = ErrorCode.ADAPTER_UNAVAILABLE;
      throw unfit.lasting()
          ? RenderException.lasting(code, told, unfit)
          : new RenderException(code, told, unfit);
    }
  }

  @Override
  public boolean current(String adapter) {
    return adapters.ready(AdapterSet.of(adapter));
  }

  @Override
  public Optional<String> warmAdapter() {
    return adapters.warm().map(AdapterSet::key);
  }

  @Override
  public AdapterTiers tiers() {
    return new AdapterTiers(
        adapters.merged(), adapters.onDevice(), adapters.inHostMemory(), adapters.onDisk());
  }

  @Override
  public Optional<Set<String>> readable() {
    List<String> files = adapters.onDisk();
    long names = files.stream().filter(id -> !AdapterStore.isDigest(id)).count();
    if (names >= AdapterFolder.MOST_NAMED) {
      return Optional.empty();
    }
    Set<String> readable = new HashSet<>(files);
    readable.addAll(adapters.onDevice());
    readable.addAll(adapters.inHostMemory());
    return Optional.of(readable);
  }

  @Override
  public int deviceSlots() {
    return adapters.deviceSlots();
  }

  @Override
  public Optional<MemoryUsage> deviceMemory() {
    return pipeline.deviceMemory();
  }

  @Override
  public void expect(List<String> waiting) {
    adapters.expect(waiting.stream().map(AdapterSet::of).toList());
  }

  @Override
  public Rendering start(RenderStart start) {
    RenderJob job = start.job();
    if (job.pins().reference().equals(Optional.of(ReferenceMethod.CONDITION))
        && !pipeline.conditions()) {
      throw RenderException.lasting(
          ErrorCode.RENDER_FAILED,
          "reference: this worker's model was not trained to read references (condition), although"
              + " its base is declared so; submit the job with sdedit or clean",
          null);
    }
    if (!warmAdapter().equals(Optional.of(job.adapter()))) {
      throw new IllegalArgumentException(job.adapter() + " is not warm, " + warmAdapter());
    }
    List<Double> scales = job.pins().adapters().stream().map(PinnedAdapter::scale).toList();
    AppliedAdapters applied =
        failures.translated(
            "adapter " + job.adapter(), () -> adapters.forRun(scales, job.sampling().steps()));
    pipeline.use(applied);
    Denoising denoising = failures.translated(job.layout(), () -> begin(start));
    return new FluxRendering(
        denoising,
        maker.using(job.pins().reference()),
        origin.of(applied, denoising, maker.cache(), read(job)),
        times,
        failures,
        job.layout());
  }

  private TextReading read(RenderJob job) {
    return pipeline.read(job.pins().prompt());
  }

  private Denoising begin(RenderStart start) {
    DenoiseRequest request = request(start);
    return start
        .checkpoint()
        .flatMap(state -> CheckpointState.read(maker.using(start.job().pins().reference()), state))
        .flatMap(progress -> resumed(request, progress))
        .orElseGet(() -> pipeline.start(request));
  }

  private Optional<Denoising> resumed(DenoiseRequest request, Progress progress) {
    try {
      return Optional.of(pipeline.resume(request, progress));
    } catch (IllegalArgumentException unfit) {
      LOG.warn("a checkpoint can't be used, its job starts again: {}", unfit.getMessage());
      return Optional.empty();
    }
  }

  private DenoiseRequest request(RenderStart start) {
    RenderJob job = start.job();
    return new DenoiseRequest(
        job.prompt(),
        job.layout().sheetWidth(),
        job.layout().sheetHeight(),
        job.sampling().steps(),
        job.sampling().guidance(),
        job.sampling().seed(),
        start.reference(),
        maker.cache());
  }

  @Override
  public long liveArrays() {
    return pipeline.liveArrays();
  }

  @Override
  public void close() {
    adapters.close();
    pipeline.close();
  }

  private static Optional<ComputeType> computeType(EngineSettings settings) {
    return switch (settings.computeType()) {
      case AUTO -> Optional.empty();
      case FLOAT32 -> Optional.of(ComputeType.FLOAT32);
      case BFLOAT16 -> Optional.of(ComputeType.BFLOAT16);
    };
  }
}

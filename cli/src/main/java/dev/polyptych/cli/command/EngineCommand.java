package dev.polyptych.cli.command;

import dev.polyptych.cli.embedded.DiskSpace;
import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.denoise.PackedLatents;
import dev.polyptych.engine.plan.MemoryDemand.Room;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.PromptTemplate;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.weights.model.ModelFile;
import dev.polyptych.weights.model.ModelFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych engine}. */
@Command(
    name = "engine",
    mixinStandardHelpOptions = true,
    description = "Draws one job with a model. Needs no broker, Redis or HTTP.")
public final class EngineCommand implements Callable<Integer> {
  private static final String FLUX_DEV = "flux.1-dev";

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--adapter",
      paramLabel = "FILE|none",
      description = "LoRA to draw with (default: the task's own, from <model>/adapters).")
  private Optional<String> adapter = Optional.empty();

  @Option(
      names = "--latents",
      paramLabel = "FILE",
      description = "Start from these packed latents (safetensors) instead of the seed's noise.")
  private Optional<Path> latents = Optional.empty();

  @Option(
      names = "--dump",
      paramLabel = "FILE",
      description = "Write the final packed latents there (safetensors).")
  private Optional<Path> dump = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the images (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("polyptych-out");

  @Option(names = "--previews", description = "Write a preview after every step, too.")
  private boolean previews;

  @Option(
      names = "--dry-run",
      description =
          "Draw nothing. Print tensors, bytes, tokens and memory of the model and of each task, and"
              + " the plan for cards of 16 to 80 GB, from configurations and headers alone"
              + " (without --model and --catalog: those of FLUX.1-dev).")
  private boolean dryRun;

  @Option(names = "--list-tensors", description = "With --dry-run: list every tensor.")
  private boolean listTensors;

  @Mixin private ReferenceOptions references = new ReferenceOptions();

  @Mixin private MachineOptions machine = new MachineOptions();

  @Mixin private StepCacheOption stepCache = new StepCacheOption();

  @Mixin private JobText text = new JobText();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    machine.checked();
    if (dryRun) {
      ModelFolder folder = model.named().map(ModelFolder::open).orElseGet(ModelFolder::fluxDev);
      new DryRun(
              folder,
              model.catalog(FLUX_DEV),
              machine.options().weightType(),
              spec.commandLine().getOut())
          .print(listTensors, model.named().isPresent());
      return 0;
    }
    Writable.folder("--out", out);
    dump.ifPresent(file -> Writable.file("--dump", file));
    DiskSpace.checkTemporary();
    Catalog tasks = model.catalog();
    Validated<RenderJob> checked =
        JobRequestReader.read(text.json(tasks.tasks()))
            .then(request -> new JobResolver(tasks).resolve("engine", seeded(request)));
    return switch (checked) {
      case Validated.Valid<RenderJob>(RenderJob job) -> {
        Task task = tasks.task(job.task()).orElseThrow();
        yield draw(job, task);
      }
      case Validated.Invalid<RenderJob>(var problems) ->
          throw new IOException(Problem.of(problems).detail());
    };
  }

  /** The default seed is fixed, so that two runs can be compared. */
  private static JobRequest seeded(JobRequest request) {
    return request.withSeed(request.seed().orElse(0));
  }

  private int draw(RenderJob job, Task task) throws IOException {
    // Before the model is loaded, which takes long.
    stepCache.checked();
    Optional<ReferenceSheet> reference = references.read(job.layout());
    Path folder = model.folder();
    Room room = Room.of(job.layout().sheetWidth(), job.layout().sheetHeight());
    EngineOptions options = machine.options().with(room);
    PromptTemplate.Composed prompt =
        task.template().composed(job.request().prompt(), job.request().panels());
    try (FluxPipeline pipeline = FluxPipeline.open(folder, options)) {
      List<FieldProblem> lost = pipeline.read(prompt).problems();
      if (!lost.isEmpty() && !job.request().scene().truncate().orElse(false)) {
        throw new IOException(Problem.of(lost).detail());
      }
      Optional<Adapter> read = adapterFile(folder, job).map(pipeline::readAdapter);
      try {
        read.map(lora -> lora.at(job.sampling().adapterScale())).ifPresent(pipeline::use);
        ReferenceMethod method =
            references.method().orElse(task.defaults().reference(pipeline.conditions()));
        draw(job, reference.map(sheet -> sheet.by(method)), pipeline);
      } finally {
        read.ifPresent(Adapter::close);
      }
    }
    return 0;
  }

  private Optional<Path> adapterFile(Path folder, RenderJob job) {
    if (adapter.isPresent()) {
      return adapter.filter(name -> !name.equals("none")).map(Path::of);
    }
    return Optional.of(ModelFile.adapters(folder).resolve(job.adapter() + ".safetensors"));
  }

  private void draw(RenderJob job, Optional<ReferenceSheet> reference, FluxPipeline pipeline)
      throws IOException {
    DenoiseRequest bare = request(job);
    DenoiseRequest request = stepCache.in(reference.map(bare::from).orElse(bare));
    PrintWriter screen = spec.commandLine().getOut();
    SheetFiles drawn = new SheetFiles(job, out, screen);
    screen.printf("%s on %s, %s%n", job.task(), pipeline.device(), pipeline.computeType().text());
    long begin = System.nanoTime();
    try (Denoising run = start(pipeline, request)) {
      while (!run.finished()) {
        run.step();
        if (previews) {
          drawn.writePreview(run.completedSteps(), run.preview());
        }
      }
      screen.printf("%d steps in %.2f s%n", run.steps(), (System.nanoTime() - begin) / 1e9);
      if (run.reusedSteps() > 0) {
        screen.printf("%d of them reused what an earlier step had computed%n", run.reusedSteps());
      }
      dump.ifPresent(file -> run.progress().latents().write(file));
      drawn.write(run.decode());
    }
  }

  private static DenoiseRequest request(RenderJob job) {
    return new DenoiseRequest(
        job.prompt(),
        job.layout().sheetWidth(),
        job.layout().sheetHeight(),
        job.sampling().steps(),
        job.sampling().guidance(),
        job.sampling().seed());
  }

  private Denoising start(FluxPipeline pipeline, DenoiseRequest request) {
    return latents
        .map(file -> pipeline.start(request, PackedLatents.read(file)))
        .orElseGet(() -> pipeline.start(request));
  }
}

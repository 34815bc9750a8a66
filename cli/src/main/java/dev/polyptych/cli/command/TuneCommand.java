package dev.polyptych.cli.command;

import dev.polyptych.cli.embedded.DiskSpace;
import dev.polyptych.engine.text.TextEncoders;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.config.ConfigException;
import dev.polyptych.schema.json.DidYouMean;
import dev.polyptych.tokenizers.PromptTokenizers;
import dev.polyptych.training.tune.AdapterTrainer;
import dev.polyptych.training.tune.FluxAdapterTrainer;
import dev.polyptych.training.tune.TrainingSets;
import dev.polyptych.training.tune.Tuning;
import dev.polyptych.training.tune.TuningFiles;
import dev.polyptych.training.tune.TuningJob;
import dev.polyptych.weights.model.LinearLayer;
import dev.polyptych.weights.model.ModelFolder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych tune}. */
@Command(
    name = "tune",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a task's adapter (LoRA) from 20 to 100 captioned panel sets.",
      "A set is a subfolder with one picture per panel and caption.txt. Or it is one picture of the"
          + " whole sheet beside a text file of the same name; white gaps are cut away. Captions"
          + " describe the set and each panel with the task's markers, as prompts do.",
      "Ctrl-C stops it at any time. It keeps a checkpoint; --resume continues from there."
    })
public final class TuneCommand implements Callable<Integer> {
  private final AdapterTrainer.Factory trainers;

  @Option(
      names = "--model",
      paramLabel = "PATH",
      description =
          "Model: a folder in diffusers layout, a safetensors file with all parts, or a model file"
              + " (YAML) that names the parts (default: the built-in model).")
  private Optional<Path> model = Optional.empty();

  @Option(
      names = "--task",
      required = true,
      paramLabel = "ID",
      description = "Task of the catalog. It defines the layout of the sheet and the markers.")
  private String task;

  @Option(names = "--sets", required = true, paramLabel = "DIR", description = "The panel sets.")
  private Path sets;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description =
          "The adapter to write, for example adapters/mine.safetensors. Checkpoint, losses and loss"
              + " curve are written beside it. Diffusers can load it, too.")
  private Path out;

  @Option(
      names = "--catalog",
      paramLabel = "NAME|FILE",
      description =
          "Catalog with the task (default: the built-in one that is called as the model's folder). A"
              + " file is updated, so that the task uses the new adapter. For a built-in catalog, the"
              + " entry is printed and written beside the adapter.")
  private Optional<String> catalog = Optional.empty();

  @Mixin private TrainingOptions training = new TrainingOptions();

  @Option(
      names = "--layers",
      paramLabel = "REGEX",
      description =
          "Tune only linear layers whose names contain this (default: ${DEFAULT-VALUE}, all inside"
              + " the transformer's blocks, as in the published adapters).")
  private Pattern layers = Pattern.compile(TuningJob.BLOCKS);

  @Option(
      names = "--truncate",
      description =
          "Accept captions that are longer than the model's text encoder reads. Their ends are not"
              + " learnt.")
  private boolean truncate;

  @Option(names = "--resume", description = "Continue from the checkpoint of a stopped run.")
  private boolean resume;

  @Mixin private MachineOptions machine = new MachineOptions();

  @Spec private CommandSpec spec;

  /** Uses the engine's own trainer. */
  public TuneCommand() {
    this(FluxAdapterTrainer::open);
  }

  TuneCommand(AdapterTrainer.Factory trainers) {
    this.trainers = trainers;
  }

  @Override
  public Integer call() {
    TuningFiles files = checkedFiles();
    DiskSpace.checkTemporary();
    files.checkResuming(resume);
    Path folder = model.orElseGet(() -> Home.builtInModel().folder());
    String name = catalog.orElseGet(() -> catalogOf(folder));
    Path path = Path.of(name);
    boolean file = Files.isRegularFile(path);
    Catalog tasks = file ? CatalogFile.read(path) : CatalogFile.builtIn(name);
    Task chosen = tasks.task(task).orElseThrow(() -> unknownTask(name, tasks));
    TuningJob job = job(folder, chosen);
    TunedAdapter tuned = new TunedAdapter(job, files, tasks, chosen);
    Tuning.Result result = run(job, files, tuned);
    if (!result.finished()) {
      return 1;
    }
    tuned.announce(
        result, file ? Optional.of(path) : Optional.empty(), spec.commandLine().getOut());
    return 0;
  }

  private TuningFiles checkedFiles() {
    List<String> problems = new ArrayList<>();
    training.check(problems);
    machine.checkTraining(problems);
    try {
      TuningFiles files = new TuningFiles(out);
      if (problems.isEmpty()) {
        return files;
      }
    } catch (IllegalArgumentException unusable) {
      problems.add("--out: " + unusable.getMessage());
    }
    throw new ConfigException(problems);
  }

  /** The name of a model's own catalog. */
  private static String catalogOf(Path model) {
    Path folder = model.toAbsolutePath().normalize().getFileName();
    String name = folder == null ? "" : folder.toString().toLowerCase(Locale.ROOT);
    if (!CatalogFile.isBuiltIn(name)) {
      throw new ConfigException(
          List.of("--catalog: name the catalog of the model; none is built in for " + model));
    }
    return name;
  }

  private ConfigException unknownTask(String name, Catalog tasks) {
    String remedy =
        DidYouMean.to(task, tasks.taskIds())
            .map(near -> "did you mean '" + near + "'?")
            .orElse("it has " + String.join(", ", tasks.taskIds()));
    return new ConfigException(
        List.of("--task: " + name + " has no task '" + task + "'; " + remedy));
  }

  private TuningJob job(Path folder, Task chosen) {
    List<LinearLayer> picked =
        TuningJob.choose(ModelFolder.open(folder).transformer().linearLayers(), layers);
    TrainingSets read = TrainingSets.read(sets, chosen);
    PrintWriter diagnostics = spec.commandLine().getErr();
    checkCaptions(read, folder);
    read.warnings().forEach(warning -> diagnostics.println("note: " + warning));
    TrainingSets.Split split = training.split(read);
    return new TuningJob(folder, machine.options(), split, picked, training.options());
  }

  private void checkCaptions(TrainingSets read, Path folder) {
    List<String> tooLong;
    try (PromptTokenizers tokenizers = TextEncoders.tokenizers(ModelFolder.open(folder))) {
      tooLong = read.tooLong(tokenizers.main());
    }
    if (truncate) {
      tooLong.forEach(text -> spec.commandLine().getErr().println("note: " + text));
    } else if (!tooLong.isEmpty()) {
      throw new ConfigException(
          Stream.concat(
                  tooLong.stream(),
                  Stream.of(
                      "--truncate: shorten these captions, or accept with it that their ends are lost"))
              .toList());
    }
  }

  private Tuning.Result run(TuningJob job, TuningFiles files, TunedAdapter tuned) {
    PrintWriter screen = spec.commandLine().getOut();
    Tuning.Plan plan = training.plan(job);
    screen.println(tuned.begin());
    TuningProgress progress =
        new TuningProgress(screen, ProgressBar.onTerminal(), plan.steps(), System::nanoTime);
    try (AdapterTrainer trainer = trainers.open(job);
        Interruption interruption = new Interruption(screen)) {
      Tuning tuning = new Tuning(trainer, files, plan, tuned.metadata(), progress);
      if (resume) {
        tuning.resume();
      }
      Tuning.Result result = tuning.run(interruption::asked);
      if (!result.finished()) {
        // Printed here, because the process ends as soon as the interruption is closed.
        screen.println(stopped(result));
        screen.flush();
      }
      return result;
    }
  }

  private String stopped(Tuning.Result result) {
    return result.steps() == 0
        ? "stopped before the first step"
        : "stopped at step "
            + result.steps()
            + " of "
            + training.options().steps()
            + "; the same command with --resume continues from there";
  }
}

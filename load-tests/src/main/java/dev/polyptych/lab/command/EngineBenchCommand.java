package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.command.MachineOptions;
import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.BenchReport.Findings;
import dev.polyptych.lab.bench.dispatch.OverheadBench;
import dev.polyptych.lab.bench.dispatch.ThroughputBench;
import dev.polyptych.lab.bench.engine.EngineBench;
import dev.polyptych.lab.bench.engine.EngineBench.EnginePlan;
import dev.polyptych.lab.bench.engine.EngineRate;
import dev.polyptych.lab.bench.engine.GraphFolder;
import dev.polyptych.lab.bench.engine.ModelSize;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.config.ConfigException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych bench engine}. */
@Command(
    name = "engine",
    mixinStandardHelpOptions = true,
    description = "Measures the duration of a job and of its parts on random weights.")
public final class EngineBenchCommand implements Callable<Integer> {
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--size",
      paramLabel = "nano|100m|full-width",
      description = "Size of the model (default: nano).")
  private String size = ModelSize.NANO.toString();

  @Option(
      names = "--task",
      paramLabel = "ID",
      description = "Use the sheet of this published task (default: the size's own sheet).")
  private Optional<String> task = Optional.empty();

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of a job (default: the size's own).")
  private int steps;

  @Option(
      names = "--adapter",
      paramLabel = "none|branch|merged",
      description = "How the adapter is applied (default: ${DEFAULT-VALUE}).")
  private EnginePlan.Way way = EnginePlan.Way.NONE;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Sheets per call, 1 to 4 (default: ${DEFAULT-VALUE}).")
  private int sheets = 1;

  @Option(names = "--steps-only", description = "Do not decode latents to pixels.")
  private boolean stepsOnly;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Number of calls; the median counts (default: ${DEFAULT-VALUE}).")
  private int rounds = 7;

  @Option(
      names = "--work",
      paramLabel = "FOLDER",
      description = "Folder for models with random weights (default: a temporary folder).")
  private Optional<Path> work = Optional.empty();

  @Option(
      names = "--on-request",
      description =
          "Draw once for each line of standard input and answer in JSON, so that calls of another"
              + " engine can be measured in between.")
  private boolean onRequest;

  @Option(
      names = "--write-graphs",
      paramLabel = "FOLDER",
      description =
          "Measure nothing. Write the files for load-tests/engine-bench/gpu.py to this folder: the"
              + " engine's TorchScript archives (for torch.jit.load), the configurations of"
              + " FLUX.1-dev and the sheets of the published tasks.")
  private Optional<Path> graphs = Optional.empty();

  @Option(
      names = "--cluster",
      description =
          "Measure instead how many sets of the built-in model a whole cluster draws per minute,"
              + " compared with the engine alone.")
  private boolean cluster;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "With --cluster: duration of an arm's turn (default: ${DEFAULT-VALUE}).")
  private int seconds = 10;

  @Mixin private MachineOptions machine = new MachineOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    machine.checked();
    if (rounds < 1 || steps < 0 || sheets < 1 || sheets > 4 || seconds < 1) {
      throw new ConfigException(
          List.of("--rounds, --seconds: at least 1; --steps: not negative; --batch: 1 to 4"));
    }
    if (graphs.isPresent()) {
      GraphFolder.write(graphs.get(), published());
      report.progress("written to " + graphs.get());
    } else if (cluster) {
      throughCluster();
    } else if (work.isPresent()) {
      Files.createDirectories(work.get());
      measure(work.get());
    } else {
      try (TemporaryFolder folder = TemporaryFolder.create()) {
        measure(folder.path());
      }
    }
    return 0;
  }

  private void measure(Path folder) throws IOException {
    var bench =
        new EngineBench(
            plan(), machine.options(), folder.toAbsolutePath(), Home.builtInModel().folder());
    if (onRequest) {
      bench.serve(
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
          new PrintWriter(spec.commandLine().getOut(), true));
      return;
    }
    report.print(bench.run(report::progress));
  }

  private void throughCluster() throws Exception {
    Home.Model model = Home.builtInModel();
    Task first = CatalogFile.builtIn(model.catalog()).tasks().getFirst();
    try (EmbeddedCluster running = EmbeddedCluster.temporary(model.folder(), model.catalog());
        EngineRate alone = EngineRate.open(model.folder(), first, machine.options())) {
      var target = new OverheadBench.Target(running.dispatcher(), running.workerMetrics(), first);
      Findings findings =
          ThroughputBench.run(target, alone, Duration.ofSeconds(seconds), rounds, report::progress);
      report.print(BenchReport.of("engine-cluster", findings));
    }
  }

  private EnginePlan plan() {
    ModelSize model = model();
    Optional<Layout> layout = task.map(EngineBenchCommand::layout);
    return new EnginePlan(
        model,
        layout.map(Layout::sheetWidth).orElse(model.width()),
        layout.map(Layout::sheetHeight).orElse(model.height()),
        steps > 0 ? steps : model.steps(),
        way,
        rounds,
        sheets,
        !stepsOnly);
  }

  private ModelSize model() {
    try {
      return ModelSize.of(size);
    } catch (IllegalArgumentException unknown) {
      throw new ConfigException(List.of("--size: " + unknown.getMessage()));
    }
  }

  private static Layout layout(String id) {
    return published().tasks().stream()
        .filter(published -> published.id().equals(id))
        .map(Task::layout)
        .findFirst()
        .orElseThrow(
            () -> new ConfigException(List.of("--task: no published task is called " + id)));
  }

  private static Catalog published() {
    return CatalogFile.builtIn("flux.1-dev");
  }
}

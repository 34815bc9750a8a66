package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.command.MachineOptions;
import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.Findings;
import dev.polyptych.lab.bench.dispatch.OverheadBench;
import dev.polyptych.lab.bench.dispatch.ThroughputBench;
import dev.polyptych.lab.bench.engine.EngineBench;
import dev.polyptych.lab.bench.engine.EnginePlan;
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
    description = "Measures how long a job and its parts take, on random weights.")
public final class EngineBenchCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--size",
      paramLabel = "nano|100m|full-width",
      description = "Of the model (default: nano).")
  private String size = ModelSize.NANO.toString();

  @Option(
      names = "--task",
      paramLabel = "ID",
      description = "Take the sheet of this published task (default: the size's own).")
  private Optional<String> task = Optional.empty();

  @Option(names = "--steps", paramLabel = "N", description = "Of a job (default: the size's own).")
  private int steps;

  @Option(
      names = "--adapter",
      paramLabel = "none|branch|merged",
      description = "How an adapter is drawn with (default: ${DEFAULT-VALUE}).")
  private EnginePlan.Way way = EnginePlan.Way.NONE;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Sheets that are asked for at a time, 1 to 4 (default: ${DEFAULT-VALUE}).")
  private int sheets = 1;

  @Option(names = "--steps-only", description = "Leave out the decoding of latents to pixels.")
  private boolean stepsOnly;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Calls whose median counts (default: ${DEFAULT-VALUE}).")
  private int rounds = 7;

  @Option(
      names = "--work",
      paramLabel = "FOLDER",
      description = "Keep models of random weights here (default: a temporary folder).")
  private Optional<Path> work = Optional.empty();

  @Option(
      names = "--on-request",
      description =
          "Draw once for each line of standard input and answer in JSON, so that another engine's"
              + " calls can be measured in between.")
  private boolean onRequest;

  @Option(
      names = "--write-graphs",
      paramLabel = "FOLDER",
      description =
          "Measure nothing: write the TorchScript archives that the engine loads (torch.jit.load"
              + " reads them), FLUX.1-dev's configurations and the published tasks' sheets there,"
              + " for load-tests/engine-bench/gpu.py.")
  private Optional<Path> graphs = Optional.empty();

  @Option(
      names = "--cluster",
      description =
          "Measure instead how many sets a minute of the built-in model a whole cluster delivers,"
              + " beside the engine alone.")
  private boolean cluster;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "With --cluster: how long an arm runs in its turn (default: ${DEFAULT-VALUE}).")
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
      spec.commandLine().getErr().println("written to " + graphs.get());
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
    print(bench.run(spec.commandLine().getErr()::println));
  }

  private void throughCluster() throws Exception {
    Home.Model model = Home.builtInModel();
    Task first = CatalogFile.builtIn(model.catalog()).tasks().getFirst();
    try (EmbeddedCluster running = EmbeddedCluster.temporary(model.folder(), model.catalog());
        EngineRate alone = EngineRate.open(model.folder(), first, machine.options())) {
      var target = new OverheadBench.Target(running.dispatcher(), running.workerMetrics(), first);
      Findings findings =
          ThroughputBench.run(
              target,
              alone,
              Duration.ofSeconds(seconds),
              rounds,
              spec.commandLine().getErr()::println);
      print(Findings.report("engine-cluster", findings));
    }
  }

  private void print(BenchReport report) {
    PrintWriter screen = spec.commandLine().getOut();
    screen.print(json ? report.json() + System.lineSeparator() : report.text());
    screen.flush();
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

package dev.polyptych.lab.command;

import dev.polyptych.cli.Extension;
import java.util.List;
import picocli.CommandLine.Command;

/** Adds the commands of the laboratory to {@code polyptych}. */
public final class Laboratory implements Extension {
  @Override
  public List<Object> commands() {
    return List.of(
        new BenchCommand(),
        new DrillCommand(),
        new EvaluateCommand(),
        new DrawSetsCommand(),
        new TrainBaseCommand(),
        new TrainScorerCommand());
  }

  /** {@code polyptych bench}: the group of the benchmark commands. */
  @Command(
      name = "bench",
      mixinStandardHelpOptions = true,
      description = "Measures this machine.",
      synopsisSubcommandLabel = "BENCHMARK",
      subcommands = {
        AutoscaleBenchCommand.class,
        ClusterBenchCommand.class,
        DispatchBenchCommand.class,
        EngineBenchCommand.class,
        MemoryBenchCommand.class,
        ResultsBenchCommand.class,
        RoutingBenchCommand.class,
        StartupBenchCommand.class,
        StepCacheBenchCommand.class,
        StreamsBenchCommand.class,
        SwapBenchCommand.class,
        UploadBenchCommand.class,
        WeightsBenchCommand.class
      })
  public static final class BenchCommand {}
}

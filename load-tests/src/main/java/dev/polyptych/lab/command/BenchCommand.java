package dev.polyptych.lab.command;

import picocli.CommandLine.Command;

/** {@code polyptych bench}: a group; each benchmark is a command below it. */
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
      RoutingBenchCommand.class,
      StartupBenchCommand.class,
      StepCacheBenchCommand.class,
      StreamsBenchCommand.class,
      SwapBenchCommand.class
    })
public final class BenchCommand {}

package dev.polyptych.lab.command;

import dev.polyptych.cli.Extension;
import java.util.List;

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
}

package dev.polyptych.lab.command;

import dev.polyptych.cli.command.Home;
import dev.polyptych.cli.command.MachineOptions;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.EvaluationReport;
import dev.polyptych.lab.bench.EvaluationTable;
import dev.polyptych.nano.evaluate.Evaluation;
import dev.polyptych.nano.evaluate.EvaluationPlan;
import dev.polyptych.nano.evaluate.EvaluationPlan.Contender;
import dev.polyptych.nano.evaluate.Evaluator;
import dev.polyptych.nano.evaluate.Gallery;
import dev.polyptych.nano.score.Scorer;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych evaluate}. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures the effect of a model's task adapters on sets of combinations that it never"
          + " learnt.",
      "Fidelity: the share of stated attributes that panels show as their captions say. Agreement:"
          + " the share of open attributes that are the same in two panels of a set."
    })
public final class EvaluateCommand implements Callable<Integer> {
  private static final String CATALOG = "nano";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model folder of the drawn world (default: the built-in model).")
  private Optional<Path> model = Optional.empty();

  @Option(
      names = "--scorer",
      paramLabel = "FILE",
      description = "Scorer that reads the panels (default: <model>/scorer/scorer.safetensors).")
  private Optional<Path> scorer = Optional.empty();

  @Option(
      names = "--task",
      paramLabel = "ID",
      description =
          "Evaluate only this task; may be repeated (default: all tasks that have an adapter).")
  private List<String> tasks = new ArrayList<>();

  @Option(
      names = "--base-only",
      description = "Draw with the model alone, for a model that has no adapters yet.")
  private boolean baseOnly;

  @Option(
      names = "--sets",
      paramLabel = "N",
      description = "Sets per task; each is drawn four times (default: ${DEFAULT-VALUE}).")
  private int sets = 32;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of each sheet (default: the task's default).")
  private Optional<Integer> steps = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of prompts, noise and references (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--reference-method",
      paramLabel = "sdedit|clean",
      description =
          "How the given first panel steers the others: with each step's noise, or without noise"
              + " (default: the task's).")
  private Optional<ReferenceMethod> reference = Optional.empty();

  @Option(
      names = "--validation-panels",
      paramLabel = "N",
      description = "Painted panels to validate the scorer on (default: ${DEFAULT-VALUE}).")
  private int validationPanels = 1024;

  @Mixin private MachineOptions machine = new MachineOptions();

  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Write a contact sheet (PNG) with a few sets of each task: the base's above the"
              + " adapter's, then both again with a reference in the first panel.")
  private Optional<Path> out = Optional.empty();

  @Override
  public Integer call() throws IOException {
    check();
    Gallery gallery = new Gallery();
    Evaluation evaluation = new Evaluator(plan(), gallery, report::progress).run(machine.options());
    BenchReport judged = EvaluationReport.of(evaluation);
    report.print(judged, EvaluationTable.of(evaluation, judged));
    if (out.isPresent()) {
      ImageIO.write(gallery.picture(), "png", out.get().toFile());
    }
    return 0;
  }

  private void check() {
    List<String> problems = new ArrayList<>();
    machine.check(problems);
    atLeastOne("--sets", sets, problems);
    atLeastOne("--steps", steps.orElse(1), problems);
    if (reference.filter(ReferenceMethod.CONDITION::equals).isPresent()) {
      problems.add("--reference-method: must be sdedit or clean; no drawn model conditions");
    }
    atLeastOne("--validation-panels", validationPanels, problems);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static void atLeastOne(String option, int number, List<String> problems) {
    if (number < 1) {
      problems.add(option + ": must be 1 or more, was " + number);
    }
  }

  private EvaluationPlan plan() {
    Path folder = model.orElseGet(() -> Home.builtInModel().folder());
    List<Contender> contenders =
        baseOnly ? List.of(Contender.BASE) : List.of(Contender.BASE, Contender.ADAPTER);
    List<Task> chosen =
        EvaluationPlan.tasks(CatalogFile.builtIn(CATALOG), tasks, contenders, folder);
    return new EvaluationPlan(
        folder,
        scorer.orElse(Scorer.of(folder)),
        chosen,
        contenders,
        new EvaluationPlan.Sampling(
            sets,
            steps.map(OptionalInt::of).orElse(OptionalInt.empty()),
            seed,
            reference,
            validationPanels));
  }
}

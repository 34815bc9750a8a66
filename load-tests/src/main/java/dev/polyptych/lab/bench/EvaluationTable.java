package dev.polyptych.lab.bench;

import dev.polyptych.nano.evaluate.Evaluation;
import dev.polyptych.nano.evaluate.TaskResult;
import dev.polyptych.nano.evaluate.TaskResult.Summary;
import dev.polyptych.nano.score.Attribute;
import dev.polyptych.nano.score.Bootstrap.Estimate;
import dev.polyptych.nano.score.SetScore.Share;
import java.util.Locale;
import java.util.Map;

/** An evaluation of adapters for people: a line a task and contender, in percent. */
public final class EvaluationTable {
  private final StringBuilder text = new StringBuilder();

  private EvaluationTable() {}

  /** The table, with the aims below. */
  public static String of(Evaluation evaluation, BenchReport report) {
    EvaluationTable table = new EvaluationTable();
    table.scorer(evaluation);
    table.line("", "", "", "", "", "around", "reference");
    table.line(
        "task", "drawn by", "fidelity", "faithful panels", "agreement", "fidelity", "agreement");
    evaluation.tasks().forEach(table::task);
    table.text.append("\nOpen attributes that agree:\n");
    evaluation.tasks().forEach(table::attributes);
    table.text.append('\n');
    report.aims().forEach(table::aim);
    return table.text.toString();
  }

  private void scorer(Evaluation evaluation) {
    text.append("Scorer, on painted panels and through the autoencoder:\n");
    for (Attribute attribute : Attribute.values()) {
      text.append(
          String.format(
              "  %-10s %6s %6s%n",
              attribute.text(),
              percent(evaluation.scorer().plain().getOrDefault(attribute, Share.NONE).value()),
              percent(
                  evaluation
                      .scorer()
                      .reconstructed()
                      .getOrDefault(attribute, Share.NONE)
                      .value())));
    }
    text.append("\nIn percent, with 95 % confidence intervals:\n");
  }

  private void task(TaskResult result) {
    result
        .scores()
        .forEach(
            (contender, scores) -> {
              Summary drawn = Summary.of(scores.drawn());
              Summary around = Summary.of(scores.referenced());
              line(
                  result.task(),
                  contender.text(),
                  interval(drawn.fidelity()),
                  interval(drawn.faithfulPanels()),
                  interval(drawn.agreement()),
                  interval(around.fidelity()),
                  interval(around.agreement()));
            });
    if (result.compares()) {
      String loss = interval(result.fidelityLoss());
      line("", "loss", loss, "", "", "", "");
      line("", "gain", "", "", interval(result.agreementGain()), "", "");
    }
  }

  private void attributes(TaskResult result) {
    result
        .scores()
        .forEach(
            (contender, scores) -> {
              text.append(String.format("%-25s %-8s", result.task(), contender.text()));
              Map<Attribute, Double> shares = Summary.of(scores.drawn()).agreementOf();
              Attribute.open().stream()
                  .filter(shares::containsKey)
                  .forEach(
                      attribute ->
                          text.append(
                              " %s %s "
                                  .formatted(attribute.text(), percent(shares.get(attribute)))));
              text.append(System.lineSeparator());
            });
  }

  private void aim(BenchReport.Aim aim) {
    text.append(
        String.format(
            Locale.ROOT,
            "%-60s %.3f  aim %s: %s%n",
            aim.name(),
            aim.value(),
            aim.aim(),
            aim.met() ? "met" : "missed"));
  }

  private void line(Object... cells) {
    text.append(String.format("%-25s %-8s %-16s %-16s %-16s %-16s %-16s%n", cells));
  }

  private static String interval(Estimate estimate) {
    return "%s (%s-%s)"
        .formatted(percent(estimate.value()), percent(estimate.low()), percent(estimate.high()));
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.0f", 100 * share);
  }
}

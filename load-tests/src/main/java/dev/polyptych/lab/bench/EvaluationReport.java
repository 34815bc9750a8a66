package dev.polyptych.lab.bench;

import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.nano.evaluate.Evaluation;
import dev.polyptych.nano.evaluate.EvaluationPlan.Contender;
import dev.polyptych.nano.evaluate.TaskResult;
import dev.polyptych.nano.evaluate.TaskResult.Summary;
import dev.polyptych.nano.score.Attribute;
import dev.polyptych.nano.score.Bootstrap.Estimate;
import dev.polyptych.nano.score.SetScore.Share;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An evaluation of adapters as figures with their aims. {@code _low} and {@code _high} are the ends
 * of a 95 % confidence interval.
 */
public final class EvaluationReport {
  private static final double SCORER_ACCURACY = 0.95;
  private static final double BASE_FIDELITY = 0.85;
  private static final double AGREEMENT = 0.85;
  private static final double AGREEMENT_GAIN = 0.30;
  private static final double FIDELITY_LOSS = 0.03;
  private static final double REFERENCE_AGREEMENT = 0.85;

  private final Map<String, Double> figures = new LinkedHashMap<>();
  private final List<Aim> aims = new ArrayList<>();

  private EvaluationReport() {}

  /** The report, of this machine. */
  public static BenchReport of(Evaluation evaluation) {
    EvaluationReport report = new EvaluationReport();
    report.accuracy("scorer_accuracy_", evaluation.scorer().plain());
    report.accuracy("scorer_autoencoder_accuracy_", evaluation.scorer().reconstructed());
    Estimate base = evaluation.base().fidelity();
    report.add("base_fidelity", base);
    report.aims.add(Aim.atLeast("base_fidelity", BASE_FIDELITY, base.value()));
    evaluation.tasks().forEach(report::task);
    Map<String, String> machine = BenchReport.thisMachine();
    machine.put("device", evaluation.device());
    return new BenchReport("evaluate", machine, report.figures, report.aims);
  }

  private void accuracy(String prefix, Map<Attribute, Share> shares) {
    for (Attribute attribute : Attribute.values()) {
      Share share = shares.getOrDefault(attribute, Share.NONE);
      if (share.tries() > 0) {
        String name = prefix + attribute.text();
        figures.put(name, share.value());
        aims.add(Aim.atLeast(name, SCORER_ACCURACY, share.value()));
      }
    }
  }

  private void task(TaskResult result) {
    String task = result.task().replace('-', '_') + "_";
    result
        .scores()
        .forEach(
            (contender, scores) -> {
              String name = task + contender.text() + "_";
              summary(name, Summary.of(scores.drawn()));
              summary(name + "reference_", Summary.of(scores.referenced()));
            });
    if (result.compares()) {
      compare(task, result);
    }
  }

  private void compare(String task, TaskResult result) {
    Estimate gain = result.agreementGain();
    Estimate loss = result.fidelityLoss();
    add(task + "agreement_gain", gain);
    add(task + "fidelity_loss", loss);
    String adapter = task + Contender.ADAPTER.text() + "_";
    aims.add(atLeast(adapter + "agreement", AGREEMENT));
    aims.add(Aim.atLeast(task + "agreement_gain", AGREEMENT_GAIN, gain.value()));
    aims.add(Aim.atMost(task + "fidelity_loss", FIDELITY_LOSS, loss.value()));
    aims.add(atLeast(adapter + "reference_agreement", REFERENCE_AGREEMENT));
  }

  private Aim atLeast(String figure, double bound) {
    return Aim.atLeast(figure, bound, figures.get(figure));
  }

  private void summary(String prefix, Summary summary) {
    add(prefix + "fidelity", summary.fidelity());
    summary
        .fidelityOf()
        .forEach((attribute, value) -> figures.put(prefix + "fidelity_" + attribute.text(), value));
    add(prefix + "faithful_panels", summary.faithfulPanels());
    add(prefix + "agreement", summary.agreement());
    summary
        .agreementOf()
        .forEach(
            (attribute, value) -> figures.put(prefix + "agreement_" + attribute.text(), value));
  }

  private void add(String name, Estimate estimate) {
    figures.put(name, estimate.value());
    figures.put(name + "_low", estimate.low());
    figures.put(name + "_high", estimate.high());
  }
}

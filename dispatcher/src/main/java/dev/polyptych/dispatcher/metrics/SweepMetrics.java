package dev.polyptych.dispatcher.metrics;

import dev.polyptych.store.OpenJobs;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** Counts what sweeps found and did. */
public final class SweepMetrics {
  private final Counter looks;
  private final Counter produced;
  private final Counter reconciled;
  private final Counter adopted;

  /** What became of a job that a store had lost. */
  public enum Reconciled {
    /** It was found lost, and must be found so again. */
    SUSPECTED,
    /** It is on its lane again. */
    PRODUCED,
    FAILED,
    /** It waits until all workers have this version. */
    REPORTED
  }

  public SweepMetrics(PrometheusRegistry registry) {
    looks =
        Counter.builder()
            .name("polyptych_dispatcher_sweep_looks")
            .help("Looks at open jobs by what was found")
            .labelNames("finding")
            .register(registry);
    for (OpenJobs.Finding finding : OpenJobs.Finding.values()) {
      looks.initLabelValues(text(finding));
    }
    produced =
        Counter.builder()
            .name("polyptych_dispatcher_sweep_produced")
            .help("Jobs that were accepted and forgotten, and put on their lane by a sweep")
            .register(registry);
    reconciled =
        Counter.builder()
            .name("polyptych_dispatcher_reconciled")
            .help("Open jobs whose record no worker would have got, by what became of them")
            .labelNames("result")
            .register(registry);
    for (Reconciled result : Reconciled.values()) {
      reconciled.initLabelValues(text(result));
    }
    adopted =
        Counter.builder()
            .name("polyptych_dispatcher_adopted")
            .help("Jobs that Redis had lost, and whose states were made anew from Kafka")
            .register(registry);
  }

  public void looked(OpenJobs.Finding finding) {
    looks.labelValues(text(finding)).inc();
  }

  public void produced() {
    produced.inc();
  }

  public void reconciled(Reconciled result) {
    reconciled.labelValues(text(result)).inc();
  }

  public void adopted() {
    adopted.inc();
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}

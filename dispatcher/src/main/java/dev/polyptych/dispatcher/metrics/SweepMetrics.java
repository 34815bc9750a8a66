package dev.polyptych.dispatcher.metrics;

import dev.polyptych.store.OpenJobs;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** Counts what sweeps found and did. */
public final class SweepMetrics {
  private final Counter looks;
  private final Counter produced;

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
  }

  public void looked(OpenJobs.Finding finding) {
    looks.labelValues(text(finding)).inc();
  }

  public void produced() {
    produced.inc();
  }

  private static String text(OpenJobs.Finding finding) {
    return finding.name().toLowerCase(Locale.ROOT);
  }
}

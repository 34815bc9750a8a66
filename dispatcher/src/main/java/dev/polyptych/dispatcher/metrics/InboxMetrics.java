package dev.polyptych.dispatcher.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** Counts the records of the inbox; safe for any number of threads. */
public final class InboxMetrics {
  private final Counter records;

  /** What became of a record. */
  public enum Passage {
    FORWARDED,
    /** Its job has ended, or is on a lane already. */
    UNNEEDED,
    DEAD;

    private String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public InboxMetrics(PrometheusRegistry registry) {
    records =
        Counter.builder()
            .name("polyptych_dispatcher_inbox_records")
            .help("Records of the inbox by what became of them")
            .labelNames("outcome")
            .register(registry);
    for (Passage passage : Passage.values()) {
      records.initLabelValues(passage.text());
    }
  }

  public void passed(Passage passage) {
    records.labelValues(passage.text()).inc();
  }
}

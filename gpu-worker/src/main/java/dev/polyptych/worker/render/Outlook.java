package dev.polyptych.worker.render;

import dev.polyptych.worker.intake.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What waited when a job was chosen.
 *
 * @param adapters one for each, the chosen one's included; the one to be warm next comes first
 * @param next the adapter to be warm next; empty when nothing else waits
 * @param overtaken tasks of the older jobs of its lane that wait on because their adapter is not
 *     warm; one for each
 */
record Outlook(List<String> adapters, Optional<String> next, List<String> overtaken) {
  static final Outlook EMPTY = new Outlook(List.of(), Optional.empty(), List.of());

  /**
   * @param warm whether the job was chosen by the adapter that was warm
   */
  static Outlook of(Delivery chosen, boolean warm, List<Delivery> waiting, Optional<String> next) {
    List<String> adapters = new ArrayList<>(next.stream().toList());
    boolean skipped = next.isEmpty();
    for (Delivery job : waiting) {
      if (!skipped && next.get().equals(job.adapter())) {
        skipped = true;
      } else {
        adapters.add(job.adapter());
      }
    }
    return new Outlook(adapters, next, warm ? overtaken(chosen, waiting) : List.of());
  }

  private static List<String> overtaken(Delivery chosen, List<Delivery> waiting) {
    return waiting.stream()
        .filter(job -> job.lane() == chosen.lane() && !job.adapter().equals(chosen.adapter()))
        .filter(job -> job.arrivedAt().isBefore(chosen.arrivedAt()))
        .map(job -> job.job().task())
        .toList();
  }
}

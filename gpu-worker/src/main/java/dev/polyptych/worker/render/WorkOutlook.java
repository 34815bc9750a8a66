package dev.polyptych.worker.render;

import dev.polyptych.worker.intake.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What waited when a job was chosen.
 *
 * @param adapters of all waiting jobs, one for each, the chosen job included; {@code next} first
 * @param next the adapter that is likely to be warm next; empty when nothing else waits
 * @param overtaken tasks of older jobs of the same lane that go on waiting because their adapter is
 *     not warm; one for each job
 */
record WorkOutlook(List<String> adapters, Optional<String> next, List<String> overtaken) {
  static final WorkOutlook EMPTY = new WorkOutlook(List.of(), Optional.empty(), List.of());

  /**
   * @param warm whether the job was chosen because its adapter was warm
   */
  static WorkOutlook of(
      Delivery chosen, boolean warm, List<Delivery> waiting, Optional<String> next) {
    List<String> adapters = new ArrayList<>(next.stream().toList());
    boolean skipped = next.isEmpty();
    for (Delivery job : waiting) {
      if (!skipped && next.get().equals(job.adapter())) {
        skipped = true;
      } else {
        adapters.add(job.adapter());
      }
    }
    return new WorkOutlook(adapters, next, warm ? overtaken(chosen, waiting) : List.of());
  }

  private static List<String> overtaken(Delivery chosen, List<Delivery> waiting) {
    return waiting.stream()
        .filter(job -> job.lane() == chosen.lane() && !job.adapter().equals(chosen.adapter()))
        .filter(job -> job.arrivedAt().isBefore(chosen.arrivedAt()))
        .map(job -> job.job().task())
        .toList();
  }
}

package dev.polyptych.worker.render;

import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.RecordPosition;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What drawing in the order of arrival would swap: before each job whose adapter is not that of the
 * one before. Not thread-safe: the {@link LocalQueue} guards it.
 */
final class ArrivalOrder {
  private final Set<RecordPosition> swaps = new HashSet<>();
  private Optional<String> last = Optional.empty();

  void add(Delivery delivery) {
    if (last.filter(delivery.adapter()::equals).isEmpty()) {
      swaps.add(delivery.place());
    }
    last = Optional.of(delivery.adapter());
  }

  boolean swapsBefore(RecordPosition place) {
    return swaps.contains(place);
  }

  void remove(RecordPosition place) {
    swaps.remove(place);
  }
}

package dev.polyptych.worker.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.worker.Deliveries;
import dev.polyptych.worker.intake.Delivery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkOutlookTest {
  private static final String WARM = "couple-profile";
  private static final String COLD = "film-storyboard";

  private final Delivery older = delivery(0, COLD, 10);
  private final Delivery chosen = delivery(1, WARM, 20);
  private final Delivery younger = delivery(2, COLD, 30);
  private final List<Delivery> waiting = List.of(older, chosen, younger);

  @Test
  void theAdapterThatIsWarmNextComesFirstAndEachJobCountsOnce() {
    WorkOutlook outlook = WorkOutlook.of(chosen, true, waiting, Optional.of(chosen.adapter()));

    assertEquals(List.of(WARM, COLD, COLD), outlook.adapters());
  }

  @Test
  void onlyOlderJobsOfOtherAdaptersAreOvertaken() {
    WorkOutlook outlook = WorkOutlook.of(chosen, true, waiting, Optional.empty());

    assertEquals(List.of(COLD), outlook.overtaken());
  }

  @Test
  void aJobThatNeedsASwapOvertakesNone() {
    WorkOutlook outlook = WorkOutlook.of(chosen, false, waiting, Optional.of(COLD));

    assertEquals(List.of(), outlook.overtaken());
    assertEquals(Optional.of(COLD), outlook.next());
  }

  private static Delivery delivery(long offset, String task, long second) {
    return Deliveries.of("job-" + offset, task, offset, Instant.ofEpochSecond(second));
  }
}

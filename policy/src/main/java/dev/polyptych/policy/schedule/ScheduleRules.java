package dev.polyptych.policy.schedule;

import java.time.Duration;

/**
 * The schedule's parameters.
 *
 * @param streakQuantum jobs that a swap is followed by before anything but warmth counts, while
 *     such jobs wait, as long as no costs were measured. Then it is ⌈swap cost ÷ 10 % of a render⌉,
 *     which keeps swaps at about a tenth of the time, even when every waiting job is old
 * @param ageLimit a job that has waited so long goes next once the quantum is used up
 * @param batchEvery after so many interactive jobs batch is due: about 1 job in {@code batchEvery +
 *     1} under any interactive load
 */
public record ScheduleRules(int streakQuantum, Duration ageLimit, int batchEvery) {
  /** A swap of 0.4 renders; a minute is what a person waits; a fifth for batch. */
  public static final ScheduleRules DEFAULT = new ScheduleRules(4, Duration.ofSeconds(60), 4);

  public ScheduleRules {
    if (streakQuantum < 1 || batchEvery < 1 || ageLimit.isNegative() || ageLimit.isZero()) {
      throw new IllegalArgumentException("schedule rules must be positive");
    }
  }
}

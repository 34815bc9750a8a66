package dev.polyptych.worker.config;

import dev.polyptych.policy.schedule.ScheduleRules;
import java.time.Duration;

/**
 * How jobs wait here.
 *
 * @param capacity records of each lane that are taken and not yet settled; beyond it the lane's
 *     partitions are paused. Deep enough that jobs of the warm adapter are found behind others,
 *     small enough that a crash redelivers little
 * @param revokeWait how long a running job may go on after its partition was taken away
 * @param retryBackoff the wait after a first failed attempt, doubled with each further one
 */
public record QueueSettings(
    int capacity, Duration revokeWait, ScheduleRules rules, Duration retryBackoff) {}

package dev.polyptych.worker.config;

import dev.polyptych.policy.schedule.ScheduleRules;
import java.time.Duration;

/**
 * How jobs wait in a worker.
 *
 * @param capacity records of each lane that are taken and have not ended; at the limit the lane's
 *     partitions are paused. Large enough to find jobs of the warm adapter behind others, small
 *     enough that a crash redelivers little
 * @param revokeWait how long a running job may continue after its partition was revoked
 * @param retryBackoff the wait after a first failed attempt; it doubles with each further one
 */
public record QueueSettings(
    int capacity, Duration revokeWait, ScheduleRules rules, Duration retryBackoff) {}

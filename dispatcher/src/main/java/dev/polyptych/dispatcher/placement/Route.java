package dev.polyptych.dispatcher.placement;

import dev.polyptych.schema.fleet.RouteReason;
import dev.polyptych.schema.job.Forecast;

/**
 * Where a job goes. Each submission decides it once and passes it on.
 *
 * @param partition of the job's lane
 * @param forecast for the queue of that partition
 */
public record Route(int partition, Forecast forecast, RouteReason reason) {}

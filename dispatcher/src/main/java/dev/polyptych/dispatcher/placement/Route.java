package dev.polyptych.dispatcher.placement;

import dev.polyptych.schema.fleet.RouteReason;
import dev.polyptych.schema.job.Forecast;

/**
 * Where a job goes. It is decided once a submission and passed on.
 *
 * @param partition of the job's lane
 * @param forecast for the queue of that partition
 */
public record Route(int partition, Forecast forecast, RouteReason reason) {}

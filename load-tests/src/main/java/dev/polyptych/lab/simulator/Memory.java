package dev.polyptych.lab.simulator;

import dev.polyptych.schema.fleet.SwapCosts;

/**
 * What a worker can hold, and what a swap costs in proportion to the load's.
 *
 * @param device adapters in the device's memory, the warm one included
 * @param host adapters in the process's memory
 */
record Memory(String name, int device, int host, SwapCosts proportions) {
  /** A small card: one adapter at a time, and the same cost wherever the next comes from. */
  static final Memory SMALL = new Memory("small", 1, 0, new SwapCosts(1, 1, 1, 1));

  /** Some in reach; a file is what the load's swap costs, one that has to be fetched twice. */
  static final Memory TIERED = new Memory("tiered", 4, 32, new SwapCosts(0.02, 0.2, 1, 2));

  SwapCosts costs(double swapSeconds) {
    return new SwapCosts(
        proportions.device() * swapSeconds,
        proportions.host() * swapSeconds,
        proportions.disk() * swapSeconds,
        proportions.absent() * swapSeconds);
  }
}

package dev.polyptych.lab.simulator;

/**
 * What a run came to, after the warm-up.
 *
 * @param delivered GPU-seconds drawn ÷ GPU-seconds there were
 * @param swapShare GPU-seconds spent on swaps ÷ GPU-seconds there were
 * @param swapsPerJob of the jobs begun
 * @param p50Wait seconds from submission to the first step, the swap included
 * @param jobs begun
 */
record Outcome(
    double delivered,
    double swapShare,
    double swapsPerJob,
    double p50Wait,
    double p95Wait,
    double longestWait,
    int jobs,
    int handovers) {}

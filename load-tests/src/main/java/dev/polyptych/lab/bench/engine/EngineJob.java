package dev.polyptych.lab.bench.engine;

/**
 * What one call of the engine took.
 *
 * @param seconds of the whole, on the wall
 * @param cpuSeconds of all threads of the process; on a busy machine the steadier figure
 * @param beginSeconds text encoders and what all steps share
 * @param stepSeconds the median step
 * @param decodeSeconds latents to pixels
 */
record EngineJob(
    double seconds,
    double cpuSeconds,
    double beginSeconds,
    double stepSeconds,
    double decodeSeconds) {
  /** Both, one after the other; the parts are the later one's. */
  EngineJob and(EngineJob next) {
    return new EngineJob(
        seconds + next.seconds,
        cpuSeconds + next.cpuSeconds,
        next.beginSeconds,
        next.stepSeconds,
        next.decodeSeconds);
  }
}

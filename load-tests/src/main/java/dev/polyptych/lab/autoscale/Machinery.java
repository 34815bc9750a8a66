package dev.polyptych.lab.autoscale;

import java.util.SplittableRandom;

/**
 * What takes time on a cluster, in seconds. Estimates for an H100 node of a cloud and FLUX.1-dev,
 * not measurements.
 *
 * @param scheduling a pod onto a node
 * @param provisioning a node with a GPU, driver included
 * @param pulling the image to a new node
 * @param loading the model, until the worker has joined its group
 * @param nodeUnneeded for so long an empty node stays; the cluster autoscaler's default
 * @param spread of provisioning, pulling and loading: up to this part more or less
 */
record Machinery(
    double scheduling,
    double provisioning,
    double pulling,
    double loading,
    double nodeUnneeded,
    double spread) {
  static final Machinery CLOUD = new Machinery(2, 180, 60, 65, 600, 0.2);

  double somewhat(double seconds, SplittableRandom random) {
    return seconds * (1 + spread * (2 * random.nextDouble() - 1));
  }
}

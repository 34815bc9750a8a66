package dev.polyptych.dispatcher.cluster;

/** The latest views of the cluster, one for each base. Never blocks; safe for all threads. */
public interface ClusterViews {
  /** {@link ClusterView#UNKNOWN} while the base's lanes or workers are unknown. */
  ClusterView of(String base);
}

package dev.polyptych.worker.render.flux;

import ai.djl.engine.EngineException;
import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.adapter.ApplicationPolicy;
import dev.polyptych.engine.adapter.HostAdapters;
import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.weights.lora.AdapterException;
import dev.polyptych.worker.render.Residency;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides with which form of an adapter a run is drawn, from what is known of the jobs to come.
 * Render thread only.
 */
final class AdapterUse implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdapterUse.class);

  private final HostAdapters host;
  private final ResidentAdapters residents;
  private final Supplier<List<String>> files;
  private ApplicationPolicy policy;
  private List<String> waiting = List.of();

  /**
   * @param files ids of the adapters that can be read
   */
  AdapterUse(
      HostAdapters host,
      ResidentAdapters residents,
      ApplicationPolicy policy,
      Supplier<List<String>> files) {
    this.host = host;
    this.residents = residents;
    this.files = files;
    this.policy = policy;
  }

  /**
   * The adapters of all jobs that wait, the next run's included; of all others the one that is
   * likely to be warm next comes first.
   */
  void expect(List<String> adapters) {
    waiting = List.copyOf(adapters);
  }

  Residency residency() {
    return new Residency(
        new AdapterTiers(residents.mergedIds(), residents.ids(), host.ids(), files.get()),
        residents.slots());
  }

  /**
   * Makes an adapter resident.
   *
   * @param inUse stays resident
   */
  Adapter swap(String id, Optional<Adapter> inUse) {
    return residents.branch(id, inUse);
  }

  /**
   * The form to draw the next run with, and a look ahead: the next other adapter in sight is read
   * while this run is drawn.
   */
  Adapter forRun(String id, double strength, int steps) {
    waiting.stream().filter(next -> !next.equals(id)).findFirst().ifPresent(host::prefetch);
    Optional<Adapter> merged = residents.merged(id, strength);
    if (merged.isPresent()) {
      return merged.get();
    }
    Adapter branch = residents.branch(id, Optional.empty());
    long expected = steps * Math.max(1, waiting.stream().filter(id::equals).count());
    return switch (policy.choose(expected, residents.mergedBytes(id))) {
      case BRANCH -> branch;
      case MERGED -> merge(id, strength).orElse(branch);
    };
  }

  /** Merging is a gain, not a need: where it fails the branch goes on as before. */
  private Optional<Adapter> merge(String id, double strength) {
    try {
      return Optional.of(residents.merge(id, strength));
    } catch (EngineException | AdapterException failed) {
      LOG.atWarn()
          .addKeyValue("adapter", id)
          .setCause(failed)
          .log("can't be merged, so no adapter is merged any more");
      policy = ApplicationPolicy.branchOnly();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    residents.close();
  }
}

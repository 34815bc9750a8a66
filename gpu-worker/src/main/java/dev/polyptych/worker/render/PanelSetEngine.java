package dev.polyptych.worker.render;

import dev.polyptych.schema.fleet.AdapterTiers;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Optional;

/**
 * A loaded model. Opened, used and closed by the render thread only.
 *
 * <p>A {@link RenderException} says what is wrong in words of ours; any other runtime exception
 * counts as a failed render.
 */
public interface PanelSetEngine extends AutoCloseable {
  /** What it is, for people and for other processes; told once, then passed around as data. */
  record Identity(String model, String device, String computeType) {}

  Identity identity();

  /**
   * Makes an adapter the one that the next rendering draws with.
   *
   * @throws RenderException when it can't be loaded; then the warm adapter is what it was
   */
  void warm(String adapter);

  /** The adapter that the next rendering draws with; empty for the base alone. */
  Optional<String> warmAdapter();

  /** Where the adapters are that it could draw with soon. */
  default Residency residency() {
    return new Residency(
        new AdapterTiers(List.of(), warmAdapter().stream().toList(), List.of(), List.of()), 1);
  }

  /** What the device's memory holds; empty where that can't be known. */
  default Optional<MemoryUsage> deviceMemory() {
    return Optional.empty();
  }

  /**
   * What waits. A hint: the engine may prepare for it.
   *
   * @param adapters one for each waiting job, the next rendering's included; of all others the one
   *     that is likely to be warm next comes first
   */
  default void expect(List<String> adapters) {}

  /**
   * Begins a sheet of the job's layout, or goes on with one where the checkpoint is of use here;
   * the job's adapter must be warm.
   */
  Rendering start(Start start);

  /** Native arrays alive, weights included: flat over jobs, or something leaks. */
  long liveArrays();

  @Override
  void close();

  /** Loads the model. Called on the render thread, so that it owns all native memory. */
  interface Source {
    PanelSetEngine open();
  }
}

package dev.polyptych.worker.render;

import dev.polyptych.engine.plan.MemoryPlan;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.schema.job.RenderJob;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A loaded model. Opened, used and closed by the render thread only.
 *
 * <p>A {@link RenderException} has an error code. Any other runtime exception counts as a failed
 * render.
 */
public interface PanelSetEngine extends AutoCloseable {
  /** What it is, for people and for other processes. */
  record Identity(String model, String device, String computeType) {}

  /**
   * What a rendering starts from.
   *
   * @param reference of the job's layout; empty: from text alone
   * @param checkpoint state of a rendering of the same job, perhaps another engine's
   */
  record RenderStart(
      RenderJob job, Optional<ReferenceSheet> reference, Optional<byte[]> checkpoint) {
    /** From text alone. */
    public static RenderStart of(RenderJob job) {
      return new RenderStart(job, Optional.empty(), Optional.empty());
    }
  }

  Identity identity();

  /**
   * Makes an adapter warm: the next rendering draws with it.
   *
   * @throws RenderException when it can't be loaded; then the warm adapter is what it was
   */
  void warm(String adapter);

  /** The adapter that the next rendering draws with; empty for the base alone. */
  Optional<String> warmAdapter();

  /** Whether the warm adapter is as its file is now; false after the file was replaced. */
  default boolean current(String adapter) {
    return true;
  }

  /** Where the adapters are that it can draw with. The device's include the warm one. */
  default AdapterTiers tiers() {
    return new AdapterTiers(List.of(), warmAdapter().stream().toList(), List.of(), List.of());
  }

  /** All adapters that it holds or has a file of; empty if it can't tell. */
  default Optional<Set<String>> readable() {
    return Optional.empty();
  }

  /** How many adapters the device has room for; 0 while that is not known. */
  default int deviceSlots() {
    return 1;
  }

  /** What the device's memory holds; empty where that can't be known. */
  default Optional<MemoryUsage> deviceMemory() {
    return Optional.empty();
  }

  /** How its model lies in the device's memory; empty where that was not planned. */
  default Optional<MemoryPlan> memoryPlan() {
    return Optional.empty();
  }

  /**
   * What waits. A hint: the engine may prepare for it.
   *
   * @param adapters one for each waiting job, the next rendering's included. Of the others, the
   *     first is likely to be warm next
   */
  default void expect(List<String> adapters) {}

  /**
   * Begins a sheet of the job's layout, or goes on from the checkpoint if this engine can use it.
   * The job's adapter must be warm.
   */
  Rendering start(RenderStart start);

  /** Native arrays alive, weights included. Constant over jobs unless something leaks. */
  long liveArrays();

  @Override
  void close();

  /** Loads the model. Called on the render thread, so that it owns all native memory. */
  interface Source {
    PanelSetEngine open();
  }
}

package dev.polyptych.engine.adapter;

import ai.djl.engine.EngineException;
import dev.polyptych.weights.lora.AdapterException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which adapter is warm, and in which form the next run draws with it. The form follows from what
 * is known of the jobs to come. Render thread only.
 */
public final class AdapterUse implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdapterUse.class);

  private final HostAdapters host;
  private final DeviceAdapters device;
  private final Supplier<List<String>> files;
  private ApplicationPolicy policy;
  private List<String> waiting = List.of();
  private Optional<String> warm = Optional.empty();

  /**
   * @param files ids of the adapters that can be read
   */
  public AdapterUse(
      HostAdapters host,
      DeviceAdapters device,
      ApplicationPolicy policy,
      Supplier<List<String>> files) {
    this.host = host;
    this.device = device;
    this.files = files;
    this.policy = policy;
  }

  /**
   * The adapters of all waiting jobs, one for each, the next run's included. Of the others, the
   * first is likely to be warm next.
   */
  public void expect(List<String> adapters) {
    waiting = List.copyOf(adapters);
  }

  /**
   * Makes an adapter warm: brings it to the device if it is not there, or if its file was replaced.
   * The adapter that was warm stays on the device.
   *
   * @throws AdapterException if it can't be read; then the warm adapter is what it was
   */
  public void warm(String id) {
    device.bring(id, warm);
    warm = Optional.of(id);
  }

  /** Whether the next run can draw with this adapter, as its file is now, without a swap. */
  public boolean ready(String id) {
    return warm.equals(Optional.of(id)) && device.current(id);
  }

  /** The adapter that the next run draws with; empty before the first. */
  public Optional<String> warm() {
    return warm;
  }

  /**
   * The warm adapter in the form that the next run draws with. While that run is drawn, the next
   * other adapter in sight is read from its file.
   *
   * @throws IllegalStateException if no adapter is warm
   */
  public Adapter forRun(double strength, int steps) {
    String id = warm.orElseThrow(() -> new IllegalStateException("no adapter is warm"));
    waiting.stream().filter(next -> !next.equals(id)).findFirst().ifPresent(host::prefetch);
    Optional<Adapter> merged = device.merged(id, strength);
    if (merged.isPresent()) {
      return merged.get();
    }
    Adapter branch = device.branch(id);
    long expected = steps * Math.max(1, waiting.stream().filter(id::equals).count());
    return switch (policy.choose(expected, device.mergedBytes(id))) {
      case BRANCH -> branch;
      case MERGED -> merge(id, strength).orElse(branch);
    };
  }

  /** Merging is a gain, not a need: if it fails, the run draws with the branch. */
  private Optional<Adapter> merge(String id, double strength) {
    try {
      return Optional.of(device.merge(id, strength));
    } catch (EngineException | AdapterException failed) {
      LOG.atWarn()
          .addKeyValue("adapter", id)
          .setCause(failed)
          .log("merging failed; this worker merges no adapter from now on");
      policy = ApplicationPolicy.branchOnly();
      return Optional.empty();
    }
  }

  /** The merged adapter, if there is one. */
  public List<String> merged() {
    return device.mergedIds();
  }

  /** Adapters on the device. */
  public List<String> onDevice() {
    return device.ids();
  }

  /** Adapters in host memory. */
  public List<String> inHostMemory() {
    return host.ids();
  }

  /** Adapters that can be read from files. */
  public List<String> onDisk() {
    return files.get();
  }

  /** How many adapters the device has room for; 0 while it has none. */
  public int deviceSlots() {
    return device.slots();
  }

  @Override
  public void close() {
    device.close();
    host.close();
  }
}

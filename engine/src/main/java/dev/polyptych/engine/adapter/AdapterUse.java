package dev.polyptych.engine.adapter;

import ai.djl.engine.EngineException;
import dev.polyptych.engine.adapter.ApplicationPolicy.Way;
import dev.polyptych.schema.catalog.AdapterSet;
import dev.polyptych.weights.lora.AdapterException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which set of adapters is warm, and in which form the next run draws with it. The form follows
 * from what is known of the jobs to come. Render thread only.
 */
public final class AdapterUse implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdapterUse.class);

  private final HostAdapters host;
  private final DeviceAdapters device;
  private final Supplier<List<String>> files;
  private ApplicationPolicy policy;
  private List<AdapterSet> waiting = List.of();
  private Optional<AdapterSet> warm = Optional.empty();

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
   * The adapters of all waiting jobs, a set for each, the next run's included. Of the others, the
   * first is likely to be warm next.
   */
  public void expect(List<AdapterSet> sets) {
    waiting = List.copyOf(sets);
  }

  /**
   * Makes a set warm: brings its members to the device that are not there, or whose files were
   * replaced. The members of the set that was warm stay on the device.
   *
   * @throws AdapterException if one can't be read; then the warm set is what it was
   */
  public void warm(AdapterSet set) {
    device.bring(set, warm);
    warm = Optional.of(set);
  }

  /** Whether the next run can draw with this set, as its files are now, without a swap. */
  public boolean ready(AdapterSet set) {
    return warm.equals(Optional.of(set)) && device.current(set);
  }

  /** The set that the next run draws with; empty before the first. */
  public Optional<AdapterSet> warm() {
    return warm;
  }

  /**
   * The warm set in the form that the next run draws with. While that run is drawn, the members of
   * the next other set in sight are read from their files. Valid until the next call and the next
   * {@link #warm(AdapterSet)}; the caller doesn't close it.
   *
   * @param scales one for each member, in their order
   * @throws IllegalStateException if no set is warm
   * @throws IllegalArgumentException if the number of scales is another one than that of members,
   *     or one is not finite
   */
  public AppliedAdapters forRun(List<Double> scales, int steps) {
    AdapterSet set = warm.orElseThrow(() -> new IllegalStateException("no adapters are warm"));
    if (scales.size() != set.ids().size()) {
      throw new IllegalArgumentException(
          "%s takes %d scales, not %d".formatted(set.key(), set.ids().size(), scales.size()));
    }
    waiting.stream()
        .filter(next -> !next.equals(set))
        .findFirst()
        .ifPresent(next -> host.prefetch(next.ids()));
    return device.merged(set, scales).orElseGet(() -> formed(set, List.copyOf(scales), steps));
  }

  private AppliedAdapters formed(AdapterSet set, List<Double> scales, int steps) {
    long expected = steps * Math.max(1, waiting.stream().filter(set::equals).count());
    Way way = set.ids().isEmpty() ? Way.BRANCH : policy.choose(expected, device.mergedBytes(set));
    return switch (way) {
      case BRANCH -> device.joined(set, scales);
      case MERGED -> merge(set, scales).orElseGet(() -> device.joined(set, scales));
    };
  }

  /** Merging is a gain, not a need: if it fails, the run draws with the branches. */
  private Optional<AppliedAdapters> merge(AdapterSet set, List<Double> scales) {
    try {
      return Optional.of(device.merge(set, scales));
    } catch (EngineException | AdapterException failed) {
      LOG.atWarn()
          .addKeyValue("adapter", set.key())
          .setCause(failed)
          .log("merging failed; this worker merges no adapter from now on");
      policy = ApplicationPolicy.branchOnly();
      return Optional.empty();
    }
  }

  /** Key of the merged set, if there is one. */
  public List<String> merged() {
    return device.mergedKeys();
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

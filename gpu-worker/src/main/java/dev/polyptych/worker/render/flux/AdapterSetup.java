package dev.polyptych.worker.render.flux;

import ai.djl.engine.EngineException;
import dev.polyptych.engine.adapter.AdapterFolder;
import dev.polyptych.engine.adapter.AdapterTrial;
import dev.polyptych.engine.adapter.AdapterUse;
import dev.polyptych.engine.adapter.ApplicationPolicy;
import dev.polyptych.engine.adapter.DeviceAdapters;
import dev.polyptych.engine.adapter.HostAdapters;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.plan.MemoryPlan;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.weights.lora.AdapterException;
import dev.polyptych.weights.lora.HostAdapter;
import dev.polyptych.weights.model.ModelFile;
import dev.polyptych.worker.adapter.AdapterStore;
import dev.polyptych.worker.config.AdapterSettings;
import dev.polyptych.worker.config.EngineSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the tiers of adapters beside a loaded model. Render thread only. */
final class AdapterSetup {
  private static final Logger LOG = LoggerFactory.getLogger(AdapterSetup.class);

  /** Steps of each kind that adapter costs are measured with. */
  private static final int TRIAL_STEPS = 3;

  /** Fetched adapters in a heartbeat. */
  private static final int MOST_NAMED = 200;

  private AdapterSetup() {}

  /**
   * The adapters of a model folder, and those that were fetched by their digests.
   *
   * @param largest its sheet and adapter are used to measure costs
   */
  static AdapterUse open(
      EngineSettings settings, AdapterStore store, FluxPipeline pipeline, Optional<Task> largest) {
    AdapterFolder folder = new AdapterFolder(folder(settings));
    AdapterSettings limits = settings.adapters();
    HostAdapters host =
        new HostAdapters(
            new AdapterFiles(folder, store, pipeline.adapterReader()),
            limits.readLimit(),
            limits.hostBytes(),
            limits.pinned());
    DeviceAdapters device =
        new DeviceAdapters(
            host,
            pipeline.adapterPlacement(),
            largest.isEmpty() ? limits.deviceBytes() : room(pipeline).adapters(),
            limits.pinned());
    return new AdapterUse(
        host,
        device,
        policy(room(pipeline).merged(), host, pipeline, largest),
        () -> Stream.concat(folder.ids().stream(), named(store)).toList());
  }

  /** The plan may leave less room than the settings ask for. */
  private static MemoryPlan.Use room(FluxPipeline pipeline) {
    return pipeline.plan().use();
  }

  /** Those used last: a heartbeat names them all. */
  private static Stream<String> named(AdapterStore store) {
    return store.digests().stream().limit(MOST_NAMED);
  }

  static Path folder(EngineSettings settings) {
    return ModelFile.adapters(settings.model());
  }

  /** Costs are only worth measuring where memory is given to merging. */
  private static ApplicationPolicy policy(
      long mergeBytes, HostAdapters host, FluxPipeline pipeline, Optional<Task> largest) {
    if (mergeBytes == 0 || largest.isEmpty()) {
      return ApplicationPolicy.branchOnly();
    }
    try {
      Layout sheet = largest.get().layout();
      HostAdapter adapter = host.get(largest.get().adapter());
      AdapterTrial.Times times =
          pipeline.measure(adapter, sheet.sheetWidth(), sheet.sheetHeight(), TRIAL_STEPS);
      LOG.info("adapter costs at {}x{}: {}", sheet.sheetWidth(), sheet.sheetHeight(), times);
      return new ApplicationPolicy(times.costs(), mergeBytes);
    } catch (AdapterException | EngineException unmeasured) {
      LOG.warn("adapters are not merged: measuring their costs failed", unmeasured);
      return ApplicationPolicy.branchOnly();
    }
  }
}

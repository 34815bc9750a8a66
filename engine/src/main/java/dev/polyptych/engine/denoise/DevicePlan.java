package dev.polyptych.engine.denoise;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import dev.polyptych.engine.plan.MemoryDemand;
import dev.polyptych.engine.plan.MemoryDemand.Room;
import dev.polyptych.engine.plan.MemoryPlan;
import dev.polyptych.engine.plan.MemoryPlanner;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.Network;
import java.io.IOException;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The plan for the device that is there. */
public final class DevicePlan {
  private static final Path HOST = Path.of("/proc/meminfo");
  private static final Path GROUP = Path.of("/sys/fs/cgroup/memory.max");
  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
  private static final int KIB = 1024;

  private DevicePlan() {}

  /**
   * Plans a model on the device of the options.
   *
   * @param stored tensors that its files hold in float8, by network
   * @throws IllegalStateException if the options ask for a GPU and PyTorch sees none
   */
  public static MemoryPlan of(
      ModelFolder model, Map<Network, Set<String>> stored, EngineOptions options) {
    Device device = options.device().device();
    int edge = model.tokenEdge();
    MemoryDemand demand =
        new MemoryDemand(
            model,
            stored,
            options.computeType(device),
            options.weightType(),
            device.isGpu(),
            available(device),
            options.room().orElse(Room.of(edge, edge)));
    return options.room().isPresent()
        ? MemoryPlanner.plan(demand)
        : MemoryPlanner.plans(demand).getFirst();
  }

  /** Free memory of the device, in bytes. */
  private static long available(Device device) {
    if (device.isGpu()) {
      MemoryUsage memory = CudaUtils.getGpuMemory(device);
      return memory.getMax() - memory.getUsed();
    }
    try {
      Matcher free = AVAILABLE.matcher(Files.isReadable(HOST) ? Files.readString(HOST) : "");
      long host = free.find() ? Long.parseLong(free.group(1)) * KIB : Long.MAX_VALUE;
      String group = Files.isReadable(GROUP) ? Files.readString(GROUP).trim() : "max";
      return group.matches("\\d+") ? Math.min(host, Long.parseLong(group)) : host;
    } catch (IOException unknown) {
      return Long.MAX_VALUE;
    }
  }
}

package dev.polyptych.lab.bench.streams;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Whether this process may have as many sockets as are asked for. */
final class Descriptors {
  /** For broker, Redis, jars and the like. */
  private static final long RESERVE = 256;

  private Descriptors() {}

  /**
   * @throws IllegalStateException with the remedy when the limit is too low
   */
  static void check(int streams) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long needed = system.getOpenFileDescriptorCount() + 2L * streams + RESERVE;
      long limit = system.getMaxFileDescriptorCount();
      if (needed > limit) {
        throw new IllegalStateException(
            "%d streams need %d file descriptors, both their ends being in this process, and the limit is %d: raise it with 'ulimit -n %d', or ask for fewer with --idle and --active"
                .formatted(streams, needed, limit, needed));
      }
    }
  }
}

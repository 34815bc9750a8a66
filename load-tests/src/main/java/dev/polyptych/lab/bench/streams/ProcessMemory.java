package dev.polyptych.lab.bench.streams;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process holds.
 *
 * @param heapBytes alive, after a collection
 * @param residentBytes of all its memory, as Linux counts it
 */
record ProcessMemory(long heapBytes, long residentBytes) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";

  static ProcessMemory now() throws IOException {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    memory.gc();
    return new ProcessMemory(memory.getHeapMemoryUsage().getUsed(), resident());
  }

  private static long resident() throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(RESIDENT)) {
        return Long.parseLong(line.substring(RESIDENT.length()).replace("kB", "").strip()) * 1024;
      }
    }
    throw new IOException(STATUS + " has no line " + RESIDENT);
  }
}

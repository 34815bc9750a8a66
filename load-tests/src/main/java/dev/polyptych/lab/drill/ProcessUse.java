package dev.polyptych.lab.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process holds, as Linux counts it.
 *
 * @param residentMib resident memory, in MiB
 * @param descriptors open files and sockets
 */
record ProcessUse(double residentMib, int descriptors, int threads) {
  private static final double KIB_PER_MIB = 1024;

  /**
   * Reads it now.
   *
   * @throws IOException if the process has ended or this is not Linux
   */
  static ProcessUse of(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    String status = Files.readString(process.resolve("status"));
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      return new ProcessUse(
          field(status, "VmRSS") / KIB_PER_MIB, (int) open.count(), (int) field(status, "Threads"));
    }
  }

  /** The number of a line such as {@code VmRSS: 1234 kB}. */
  private static long field(String status, String name) throws IOException {
    return status
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).replace("kB", "").strip())
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IOException("no " + name + " in the status of the process"));
  }
}

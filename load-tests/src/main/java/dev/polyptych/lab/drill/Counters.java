package dev.polyptych.lab.drill;

/** Reads the text format of Prometheus. */
final class Counters {
  private Counters() {}

  /** The sum of a counter over its labels; 0 if there is none. */
  static long sum(String text, String name) {
    return (long)
        text.lines()
            .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }
}

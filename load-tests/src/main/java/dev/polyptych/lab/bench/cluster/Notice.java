package dev.polyptych.lab.bench.cluster;

import dev.polyptych.schema.fleet.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a worker's process tells, one on a line. Times in seconds of the epoch. */
sealed interface Notice {
  /** The first line of a connection. */
  record Hello(String worker) implements Notice {}

  /**
   * A job was drawn.
   *
   * @param seed of the job, by which the bench knows it
   * @param from where the adapter lay that had to be made warm; empty when it was warm
   * @param swapSeconds 0 when it was warm
   * @param begun when its first step could begin
   * @param ended when its sheet was there
   */
  record Drawn(
      long seed,
      String adapter,
      Optional<Tier> from,
      double swapSeconds,
      double begun,
      double ended)
      implements Notice {
    double seconds() {
      return ended - begun;
    }
  }

  /** The partitions that it has from now on, of each lane. */
  record Owns(double at, List<Integer> partitions) implements Notice {
    public Owns {
      partitions = List.copyOf(partitions);
    }
  }

  /** The line, without its end. */
  default String line() {
    return switch (this) {
      case Hello(String worker) -> "hello " + worker;
      case Drawn(var seed, var adapter, var from, var swap, var begun, var ended) ->
          String.join(
              " ",
              "drawn",
              Long.toString(seed),
              adapter,
              from.map(Tier::name).orElse("-"),
              Double.toString(swap),
              Double.toString(begun),
              Double.toString(ended));
      case Owns(var at, var partitions) -> {
        List<String> words = new ArrayList<>(List.of("owns", Double.toString(at)));
        partitions.forEach(partition -> words.add(partition.toString()));
        yield String.join(" ", words);
      }
    };
  }

  /**
   * @throws IllegalArgumentException for any other line
   */
  static Notice of(String line) {
    String[] words = line.split(" ", -1);
    return switch (words[0]) {
      case "hello" -> new Hello(words[1]);
      case "drawn" ->
          new Drawn(
              Long.parseLong(words[1]),
              words[2],
              words[3].equals("-") ? Optional.empty() : Optional.of(Tier.valueOf(words[3])),
              Double.parseDouble(words[4]),
              Double.parseDouble(words[5]),
              Double.parseDouble(words[6]));
      case "owns" ->
          new Owns(
              Double.parseDouble(words[1]),
              List.of(words).subList(2, words.length).stream().map(Integer::valueOf).toList());
      default -> throw new IllegalArgumentException("no notice of a worker's: " + line);
    };
  }
}

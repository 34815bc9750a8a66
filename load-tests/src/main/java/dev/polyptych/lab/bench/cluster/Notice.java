package dev.polyptych.lab.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.schema.json.Json;
import java.util.List;
import java.util.Optional;

/** A message of a worker's process to the bench, in JSON on one line. Times in epoch seconds. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "notice")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Notice.Hello.class, name = "hello"),
  @JsonSubTypes.Type(value = Notice.Drawn.class, name = "drawn"),
  @JsonSubTypes.Type(value = Notice.Owns.class, name = "owns")
})
sealed interface Notice {
  /** The first notice of a connection. */
  record Hello(String worker) implements Notice {}

  /**
   * A job was drawn.
   *
   * @param seed of the job, which identifies it
   * @param from tier of the adapter before the swap; empty if it was warm
   * @param swapSeconds 0 if it was warm
   * @param begun time at which its first step could begin
   * @param ended time at which its sheet was complete
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

  /** The worker's partitions of each lane from now on. */
  record Owns(double at, List<Integer> partitions) implements Notice {
    public Owns {
      partitions = List.copyOf(partitions);
    }
  }

  /** The notice as a line without line end. */
  default String line() {
    return new String(Json.bytes(this), UTF_8);
  }

  /**
   * @throws IllegalArgumentException if the line is no notice
   */
  static Notice of(String line) {
    try {
      return Json.mapper().readValue(line, Notice.class);
    } catch (JsonProcessingException foreign) {
      throw new IllegalArgumentException("not a notice of a worker: " + line, foreign);
    }
  }
}

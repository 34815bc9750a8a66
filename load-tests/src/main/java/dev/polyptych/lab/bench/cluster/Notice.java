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
    return new String(Json.bytes(this), UTF_8);
  }

  /**
   * @throws IllegalArgumentException for any other line
   */
  static Notice of(String line) {
    try {
      return Json.mapper().readValue(line, Notice.class);
    } catch (JsonProcessingException foreign) {
      throw new IllegalArgumentException("not a notice of a worker: " + line, foreign);
    }
  }
}

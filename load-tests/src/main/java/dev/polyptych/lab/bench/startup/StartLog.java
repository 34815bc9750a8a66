package dev.polyptych.lab.bench.startup;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** The output of a process so far: log lines in JSON and lines for people. */
record StartLog(List<String> lines) {
  private static final Pattern JOBS = Pattern.compile("\\s*jobs\\s+(http://\\S+)/v1/jobs");

  static StartLog read(Path log) {
    try {
      // Read as bytes, because the last character may be incomplete.
      byte[] bytes = Files.exists(log) ? Files.readAllBytes(log) : new byte[0];
      return new StartLog(new String(bytes, StandardCharsets.UTF_8).lines().toList());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The line with the durations of the parts, which is logged when the process is ready. */
  Optional<JsonNode> ready() {
    return line("parts");
  }

  /** The time at which the first step was drawn. */
  Optional<Instant> firstStep() {
    return lines.stream()
        .flatMap(line -> json(line).stream())
        .filter(line -> value(line, "startup").isPresent() && value(line, "parts").isEmpty())
        .map(StartLog::at)
        .findFirst();
  }

  /** The address of the dispatcher of {@code up}. */
  Optional<URI> dispatcher() {
    return lines.stream()
        .map(JOBS::matcher)
        .filter(Matcher::matches)
        .map(address -> URI.create(address.group(1)))
        .findFirst();
  }

  static Instant at(JsonNode line) {
    return Instant.ofEpochMilli(line.path("timestamp").longValue());
  }

  /** Seconds by part, from a line like {@code java 410, kafka 1200}. */
  static Map<String, Double> parts(JsonNode ready) {
    Map<String, Double> parts = new LinkedHashMap<>();
    for (String part : value(ready, "parts").orElse("").split(", ")) {
      String[] words = part.split(" ");
      parts.put(words[0].replace('-', '_'), Double.parseDouble(words[1]) / 1000);
    }
    return parts;
  }

  private Optional<JsonNode> line(String key) {
    return lines.stream()
        .flatMap(line -> json(line).stream())
        .filter(line -> value(line, key).isPresent())
        .findFirst();
  }

  private static Optional<String> value(JsonNode line, String key) {
    return StreamSupport.stream(line.path("kvpList").spliterator(), false)
        .filter(pair -> pair.has(key))
        .map(pair -> pair.path(key).asText())
        .findFirst();
  }

  /** Empty if the line is for people or incomplete. */
  private static Optional<JsonNode> json(String line) {
    try {
      return line.startsWith("{") ? Optional.of(Json.mapper().readTree(line)) : Optional.empty();
    } catch (IOException unfinished) {
      return Optional.empty();
    }
  }
}

package dev.polyptych.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Holds a bill of materials (CycloneDX) against a list of vulnerabilities (entries of the OSV
 * schema, ecosystem Maven). It knows what the list knows and asks no server.
 */
public final class KnownVulnerabilities {
  /** What decides between two versions: numbers first, then a release over its candidates. */
  private record Version(List<Integer> numbers, boolean candidate) implements Comparable<Version> {
    private static Version of(String text) {
      List<Integer> numbers = new ArrayList<>();
      boolean candidate = false;
      for (String part : text.split("[.-]", -1)) {
        if (part.matches("\\d{1,9}")) {
          numbers.add(Integer.valueOf(part));
        } else {
          candidate |= part.matches("(?i)(alpha|beta|cr|m|rc|snapshot)\\d*");
        }
      }
      return new Version(numbers, candidate);
    }

    @Override
    public int compareTo(Version other) {
      for (int place = 0; place < Math.max(numbers.size(), other.numbers.size()); place++) {
        int order = Integer.compare(number(place), other.number(place));
        if (order != 0) {
          return order;
        }
      }
      return Boolean.compare(other.candidate, candidate);
    }

    private int number(int place) {
      return place < numbers.size() ? numbers.get(place) : 0;
    }
  }

  /**
   * A component that an entry is about.
   *
   * @param component group:artifact:version
   * @param accepted why it may stay; empty when nobody has said so
   */
  public record Finding(String id, String component, String summary, String accepted) {}

  private KnownVulnerabilities() {}

  /** All findings, accepted ones too, in the order of components. */
  public static List<Finding> of(JsonNode bom, JsonNode known) {
    return elements(bom.path("components"))
        .flatMap(component -> elements(known).flatMap(entry -> finding(component, entry)))
        .sorted(Comparator.comparing(Finding::component).thenComparing(Finding::id))
        .toList();
  }

  private static Stream<Finding> finding(JsonNode component, JsonNode entry) {
    String name = component.path("group").asText() + ":" + component.path("name").asText();
    String version = component.path("version").asText();
    boolean affected =
        elements(entry.path("affected"))
            .filter(one -> one.at("/package/name").asText().equals(name))
            .flatMap(one -> elements(one.path("ranges")))
            .anyMatch(range -> contains(range.path("events"), Version.of(version)));
    return affected
        ? Stream.of(
            new Finding(
                entry.path("id").asText(),
                name + ":" + version,
                entry.path("summary").asText(),
                entry.at("/database_specific/accepted").asText()))
        : Stream.empty();
  }

  private static boolean contains(JsonNode events, Version version) {
    boolean inside = false;
    for (JsonNode event : events) {
      if (event.has("introduced")) {
        inside |= version.compareTo(Version.of(event.get("introduced").asText())) >= 0;
      } else if (event.has("fixed")) {
        inside &= version.compareTo(Version.of(event.get("fixed").asText())) < 0;
      }
    }
    return inside;
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return array.valueStream();
  }
}

package dev.polyptych.cli.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules and dashboards as they are installed. */
final class Monitoring {
  private static final Path BASE = Path.of("..", "k8s", "base");
  private static final YAMLMapper YAML = new YAMLMapper();

  /** A metric of ours with the matchers on its labels. */
  private static final Pattern SELECTOR =
      Pattern.compile("\\bpolyptych[_:][a-zA-Z0-9_:]+(?:\\{[^}]*\\})?");

  private Monitoring() {}

  /** The rules as Prometheus reads them, evaluated as often as it evaluates anything. */
  static Path ruleFile(Path folder) throws IOException {
    JsonNode groups = groups();
    groups.forEach(group -> ((ObjectNode) group).remove("interval"));
    ObjectNode file = YAML.createObjectNode();
    file.set("groups", groups);
    return Files.writeString(folder.resolve("rules.yaml"), YAML.writeValueAsString(file));
  }

  /** Each query of each panel, by dashboard, panel and legend. */
  static Map<String, String> panelQueries() throws IOException {
    Map<String, String> queries = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(BASE.resolve("dashboards"))) {
      for (Path file : files.sorted().toList()) {
        JsonNode dashboard = Json.mapper().readTree(file.toFile());
        for (JsonNode panel : dashboard.get("panels")) {
          for (JsonNode target : panel.get("targets")) {
            queries.put(
                "%s, %s, %s"
                    .formatted(
                        dashboard.get("title").textValue(),
                        panel.get("title").textValue(),
                        target.get("legendFormat").textValue()),
                target.get("expr").textValue());
          }
        }
      }
    }
    return queries;
  }

  /** The expressions of rules by their names. */
  static Map<String, String> rules(String kind) throws IOException {
    Map<String, String> rules = new LinkedHashMap<>();
    for (JsonNode group : groups()) {
      for (JsonNode rule : group.get("rules")) {
        if (rule.has(kind)) {
          rules.put(rule.get(kind).textValue(), rule.get("expr").textValue());
        }
      }
    }
    return rules;
  }

  /** What an expression reads, without what it does with it. */
  static Set<String> selectors(String expression) {
    Set<String> selectors = new TreeSet<>();
    Matcher matcher = SELECTOR.matcher(expression);
    while (matcher.find()) {
      selectors.add(matcher.group());
    }
    return selectors;
  }

  static int ruleCount() throws IOException {
    List<JsonNode> all = new ArrayList<>();
    groups().forEach(group -> group.get("rules").forEach(all::add));
    return all.size();
  }

  private static JsonNode groups() throws IOException {
    return YAML.readTree(BASE.resolve("rules.yaml").toFile()).at("/spec/groups");
  }
}

package dev.polyptych.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules and dashboards: that they parse, fire when they should, and name what there is. */
class RulesTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern SERIES =
      Pattern.compile("\\b(?:polyptych|redis|jvm|process|kafka|kube)[_:][a-zA-Z0-9_:]+");

  @TempDir Path folder;

  @Test
  void everyRuleDoesWhatItsUnitTestSays() throws IOException {
    Files.writeString(folder.resolve("rules.yaml"), YAML.writeValueAsString(ruleFile()));
    Files.copy(
        Tools.MODULE.resolve("src/test/resources/rules-test.yaml"),
        folder.resolve("rules-test.yaml"));

    Tools.Run run =
        Tools.run(
            Map.of(),
            List.of("promtool", "test", "rules", folder.resolve("rules-test.yaml").toString()));

    assertEquals(0, run.status(), run.output());
  }

  @Test
  void everyAlertHasATestAndAParagraphInTheRunbook() throws IOException {
    String tests = Files.readString(Tools.MODULE.resolve("src/test/resources/rules-test.yaml"));
    String runbook = Files.readString(Tools.MODULE.resolve("../docs/runbook.md"));
    int alerts = 0;
    for (JsonNode rule : rules()) {
      if (rule.has("alert")) {
        String alert = rule.get("alert").asText();
        alerts++;
        assertTrue(tests.contains("alertname: " + alert), alert + " has no unit test");
        assertTrue(runbook.contains("\n## " + alert + "\n"), alert + " is not in docs/runbook.md");
        assertEquals(
            "docs/runbook.md#" + alert.toLowerCase(Locale.ROOT),
            rule.at("/annotations/runbook").asText());
      }
    }
    assertTrue(alerts >= 8, alerts + " alerts");
  }

  @Test
  void theDashboardsAreWhatTheirSourceMakes() throws IOException {
    Path made = Files.createDirectories(Tools.MODULE.resolve("target/dashboards"));
    for (var file : Dashboards.generate(source()).entrySet()) {
      Files.writeString(made.resolve(file.getKey()), file.getValue());
    }
    for (var file : Dashboards.generate(source()).entrySet()) {
      assertEquals(
          file.getValue(),
          Files.readString(Tools.MODULE.resolve("base/dashboards/" + file.getKey())),
          "cp k8s/target/dashboards/*.json k8s/base/dashboards/");
    }
  }

  @Test
  void everyQueryOfADashboardParses() throws IOException {
    ObjectNode file = YAML.createObjectNode();
    ObjectNode group = file.putArray("groups").addObject().put("name", "dashboards");
    ArrayNode rules = group.putArray("rules");
    List<String> queries = dashboardQueries();
    for (String query : queries) {
      rules.addObject().put("record", "query:" + rules.size()).put("expr", query);
    }
    Path written = Files.writeString(folder.resolve("queries.yaml"), YAML.writeValueAsString(file));

    Tools.Run run = Tools.run(Map.of(), List.of("promtool", "check", "rules", written.toString()));

    assertTrue(queries.size() > 40, queries.size() + " queries");
    assertEquals(0, run.status(), run.output());
  }

  @Test
  void rulesAndDashboardsNameOnlySeriesThatAreExported() throws IOException {
    Set<String> there = new HashSet<>(Exported.names());
    Set<String> named = new TreeSet<>();
    for (JsonNode rule : rules()) {
      if (rule.has("record")) {
        there.add(rule.get("record").asText());
      }
      named.addAll(series(rule.get("expr").asText()));
    }
    for (String query : dashboardQueries()) {
      named.addAll(series(query));
    }
    Manifests.of("base")
        .the("ScaledObject", "polyptych-gpu-worker")
        .findValuesAsText("query")
        .forEach(query -> named.addAll(series(query)));

    named.removeAll(there);

    assertEquals(Set.of(), named, "nobody exports these");
  }

  private static Set<String> series(String query) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = SERIES.matcher(query);
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }

  private static Path source() {
    return Tools.MODULE.resolve("dashboards.yaml");
  }

  private static List<String> dashboardQueries() throws IOException {
    List<String> queries = new ArrayList<>();
    for (String json : Dashboards.generate(source()).values()) {
      queries.addAll(new ObjectMapper().readTree(json).findValuesAsText("expr"));
    }
    return queries;
  }

  private static ObjectNode ruleFile() throws IOException {
    JsonNode rule = YAML.readTree(Tools.MODULE.resolve("base/rules.yaml").toFile());
    ObjectNode file = YAML.createObjectNode();
    file.set("groups", rule.at("/spec/groups"));
    return file;
  }

  private static List<JsonNode> rules() throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    for (JsonNode group : ruleFile().get("groups")) {
      group.get("rules").forEach(rules::add);
    }
    return rules;
  }
}

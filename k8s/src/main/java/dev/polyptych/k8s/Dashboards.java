package dev.polyptych.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Grafana's JSON from the readable source. A test holds both together. */
public final class Dashboards {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int COLUMNS = 2;
  private static final int WIDTH = 12;
  private static final int HEIGHT = 8;

  private Dashboards() {}

  /** The text of each file by its name. */
  public static Map<String, String> generate(Path source) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    for (var dashboard : new YAMLMapper().readTree(source.toFile()).properties()) {
      files.put(
          dashboard.getKey() + ".json",
          dashboard(dashboard.getKey(), dashboard.getValue()).toPrettyString() + "\n");
    }
    return files;
  }

  private static ObjectNode dashboard(String id, JsonNode source) {
    ObjectNode dashboard = JSON.createObjectNode();
    dashboard.put("uid", "polyptych-" + id);
    dashboard.put("title", "Polyptych: " + source.get("title").textValue());
    dashboard.put("schemaVersion", 39);
    dashboard.put("refresh", "30s");
    dashboard.putArray("tags").add("polyptych");
    dashboard.putObject("time").put("from", "now-6h").put("to", "now");
    dashboard
        .putObject("templating")
        .putArray("list")
        .addObject()
        .put("name", "datasource")
        .put("type", "datasource")
        .put("query", "prometheus");
    ArrayNode panels = dashboard.putArray("panels");
    for (JsonNode panel : source.get("panels")) {
      panels.add(panel(panels.size(), panel));
    }
    return dashboard;
  }

  private static ObjectNode panel(int index, JsonNode source) {
    ObjectNode panel = JSON.createObjectNode();
    panel.put("id", index + 1);
    panel.put("type", "timeseries");
    panel.put("title", source.get("title").textValue());
    panel.put("description", source.path("means").asText(""));
    panel.set("datasource", datasource());
    panel
        .putObject("gridPos")
        .put("x", index % COLUMNS * WIDTH)
        .put("y", index / COLUMNS * HEIGHT)
        .put("w", WIDTH)
        .put("h", HEIGHT);
    panel
        .putObject("fieldConfig")
        .putObject("defaults")
        .put("unit", source.get("unit").textValue())
        .put("min", source.path("min").asInt(0));
    ArrayNode targets = panel.putArray("targets");
    for (var query : source.get("queries").properties()) {
      targets
          .addObject()
          .put("refId", String.valueOf((char) ('A' + targets.size())))
          .put("expr", query.getValue().textValue().strip())
          .put("legendFormat", query.getKey())
          .set("datasource", datasource());
    }
    return panel;
  }

  private static ObjectNode datasource() {
    return JSON.createObjectNode().put("type", "prometheus").put("uid", "${datasource}");
  }
}

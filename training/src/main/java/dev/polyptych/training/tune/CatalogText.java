package dev.polyptych.training.tune;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Catalogs as YAML text, in the style of the built-in ones. */
final class CatalogText {
  private CatalogText() {}

  /** A whole catalog. */
  static String of(Catalog catalog) {
    List<String> lines = new ArrayList<>();
    lines.add("v: " + catalog.version());
    lines.add("model: " + quoted(catalog.model()));
    lines.add("note: " + quoted(catalog.note()));
    catalog.largestSheetPixels().ifPresent(most -> lines.add("largestSheetPixels: " + most));
    catalog.tokenEdge().ifPresent(edge -> lines.add("tokenEdge: " + edge));
    catalog.condition().ifPresent(can -> lines.add("condition: " + can));
    catalog.guided().ifPresent(reads -> lines.add("guided: " + reads));
    catalog.vocabulary().ifPresent(known -> lines.add("vocabulary: " + flow(known)));
    lines.add("tasks:");
    catalog.tasks().forEach(task -> lines.addAll(lines(task, 2)));
    return joined(lines);
  }

  /**
   * One task, as an item of the list of tasks.
   *
   * @param indent spaces before the item's dash
   */
  static List<String> lines(Task task, int indent) {
    Layout layout = task.layout();
    Task.Defaults defaults = task.defaults();
    List<String> lines = new ArrayList<>();
    lines.add("- id: " + task.id());
    lines.add("  title: " + quoted(task.title()));
    lines.add("  adapter: " + quoted(task.adapter()));
    lines.add(
        "  layout: {rows: %d, columns: %d, panelWidth: %d, panelHeight: %d}"
            .formatted(layout.rows(), layout.columns(), layout.panelWidth(), layout.panelHeight()));
    lines.add("  template: " + quoted(task.template().toString()));
    lines.add(
        "  defaults: {steps: %d, guidance: %s, adapterScale: %s%s}"
            .formatted(
                defaults.steps(),
                defaults.guidance(),
                defaults.adapterScale(),
                defaults.reference().map(way -> ", reference: " + way.text()).orElse("")));
    lines.add("  example:");
    lines.add("    prompt: " + quoted(task.example().prompt()));
    lines.add("    panels:");
    task.example().panels().forEach(panel -> lines.add("      - " + quoted(panel)));
    task.routing().ifPresent(routing -> lines.add("  routing: " + flow(routing)));
    return lines.stream().map(line -> " ".repeat(indent) + line).toList();
  }

  static String joined(List<String> lines) {
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }

  private static String quoted(String text) {
    return flow(Json.mapper().getNodeFactory().textNode(text));
  }

  /** JSON is valid YAML. */
  private static String flow(Object value) {
    return new String(Json.bytes(value), StandardCharsets.UTF_8);
  }
}

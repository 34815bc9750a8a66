package dev.polyptych.schema.config;

import dev.polyptych.schema.config.Setting.Owner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints the table of settings: for a terminal, as Markdown and as data. Stateless. */
public final class SettingTable {
  private static final String INTRODUCTION =
      """
      # Settings

      `polyptych settings --markdown` writes this page; a test holds it current. `polyptych settings dispatcher` and `polyptych settings worker` print what one process knows, `--json` prints it for programs.

      A setting comes from, each over the one before: its default; a YAML file of flat keys (`--config FILE`); the environment variable; the command line (`--set KEY=VALUE`). A process reports everything wrong with its settings at once and ends with status 2. An unknown key is an error.
      """;

  private SettingTable() {}

  /** A paragraph for each setting that a process knows. */
  public static String text(Owner process) {
    StringBuilder text = new StringBuilder();
    for (Setting setting : Setting.of(process)) {
      String byDefault = setting.byDefault().isEmpty() ? "" : "=" + setting.byDefault();
      text.append(setting.key())
          .append(byDefault)
          .append("  [")
          .append(setting.allowed())
          .append("; ")
          .append(processes(setting))
          .append("]\n    ")
          .append(setting.text())
          .append("\n    ")
          .append(setting.variable())
          .append("\n");
    }
    return text.toString();
  }

  /** The page {@code docs/settings.md}. */
  public static String markdown() {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    section(page, "Both processes", Owner.BOTH);
    section(page, "Dispatcher", Owner.DISPATCHER);
    section(page, "Worker", Owner.WORKER);
    return page.toString();
  }

  /** For programs: the fields of each setting by their names. */
  public static List<Map<String, String>> data(Owner process) {
    return Setting.of(process).stream().map(SettingTable::fields).toList();
  }

  private static void section(StringBuilder page, String title, Owner owner) {
    page.append("\n## ")
        .append(title)
        .append("\n\n| key | default | allowed | meaning |\n| --- | --- | --- | --- |\n");
    for (Setting setting : Setting.values()) {
      if (setting.owner() == owner) {
        String byDefault = setting.byDefault().isEmpty() ? "" : "`" + setting.byDefault() + "`";
        page.append("| `")
            .append(setting.key())
            .append("` <br> `")
            .append(setting.variable())
            .append("` | ")
            .append(byDefault)
            .append(" | ")
            .append(setting.allowed())
            .append(" | ")
            .append(setting.text())
            .append(" |\n");
      }
    }
  }

  private static Map<String, String> fields(Setting setting) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("key", setting.key());
    fields.put("variable", setting.variable());
    fields.put("process", setting.owner().text());
    fields.put("default", setting.byDefault());
    fields.put("allowed", setting.allowed());
    fields.put("text", setting.text());
    return fields;
  }

  private static String processes(Setting setting) {
    return setting.owner() == Owner.BOTH ? "dispatcher and worker" : setting.owner().text();
  }
}

package dev.polyptych.cli.command;

import dev.polyptych.schema.config.Setting.Owner;
import dev.polyptych.schema.config.SettingTable;
import dev.polyptych.schema.json.Json;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code polyptych settings}. */
@Command(
    name = "settings",
    mixinStandardHelpOptions = true,
    description = {
      "Prints every setting of dispatcher and worker: key, default, bounds and meaning.",
      "Each can be set in the file that --config names, as an environment variable, or by --set"
          + " KEY=VALUE."
    })
public final class SettingsCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "dispatcher|worker",
      description = "Print only what this process knows (default: all settings).")
  private Owner process = Owner.BOTH;

  @ArgGroup private Form form = new Form();

  @Spec private CommandSpec spec;

  private static final class Form {
    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--markdown", description = "Print the page docs/settings.md.")
    private boolean markdown;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (form.json) {
      out.println(new String(Json.bytes(SettingTable.data(process)), StandardCharsets.UTF_8));
    } else {
      out.print(form.markdown ? SettingTable.markdown() : SettingTable.text(process));
    }
    out.flush();
    return 0;
  }
}

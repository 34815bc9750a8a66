package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.registry.BaseDeclaration;
import dev.polyptych.weights.digest.ModelDigests;
import dev.polyptych.weights.model.ModelFolder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code polyptych base}. */
@Command(
    name = "base",
    mixinStandardHelpOptions = true,
    description = "Lists and declares bases, and prints digests of their weights.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BaseCommand.ListBases.class,
      BaseCommand.Apply.class,
      BaseCommand.Remove.class,
      BaseCommand.Digest.class
    })
public final class BaseCommand {
  /** {@code polyptych base list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the declared bases.")
  static final class ListBases implements Callable<Integer> {
    @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws Exception {
      dispatcher.answer(
          client -> client.registry().bases(), (answer, out) -> print(answer.path("bases"), out));
      return 0;
    }

    private static void print(JsonNode bases, PrintWriter out) {
      DispatcherOptions.Table table =
          new DispatcherOptions.Table("BASE", "VERSION", "GEOMETRY", "DECLARED", "NOTE");
      for (JsonNode version : bases) {
        table.row(
            version.at("/base/id").asText(),
            version.path("number").asText(),
            version.path("base").has("transformer") ? "known" : "unknown",
            version.path("createdAt").asText(),
            version.at("/base/note").asText());
      }
      table.print(out);
    }
  }

  /** {@code polyptych base apply}. */
  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      description = {
        "Declares a base.",
        "A declaration that is as it was keeps its version, so this may be repeated."
      })
  static final class Apply implements Callable<Integer> {
    @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

    @Parameters(
        index = "0",
        paramLabel = "FILE",
        description = "YAML, or the id of a base that comes with Polyptych.")
    private String declared = "";

    @Override
    public Integer call() throws Exception {
      boolean builtIn =
          BaseDeclaration.BUILT_IN.contains(declared) && !Files.exists(Path.of(declared));
      byte[] declaration =
          builtIn
              ? Json.bytes(BaseDeclaration.builtIn(declared))
              : Files.readAllBytes(Path.of(declared));
      String id = new YAMLMapper().readTree(declaration).path("id").asText();
      dispatcher.answer(
          client -> client.registry().putBase(id, declaration),
          (version, out) ->
              out.printf(
                  "applied %s@%d%n",
                  version.at("/base/id").asText(), version.path("number").asInt()));
      return 0;
    }
  }

  /** {@code polyptych base digest}. */
  @Command(
      name = "digest",
      mixinStandardHelpOptions = true,
      description = {
        "Prints the digest of a model's weights.",
        "Put it under weights in the base's declaration: then only workers with these weights get"
            + " jobs. A declaration without weights accepts any."
      })
  static final class Digest implements Callable<Integer> {
    @Spec private CommandSpec command;

    @Parameters(
        index = "0",
        paramLabel = "MODEL",
        description = "Folder of a model in diffusers layout, as a worker loads it.")
    private Path model = Path.of("");

    @Override
    public Integer call() {
      ModelFolder.open(model);
      command.commandLine().getOut().println(ModelDigests.start(model).together());
      return 0;
    }
  }

  /** {@code polyptych base remove}. */
  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = {
        "Hides a base from new jobs.",
        "Jobs that were accepted before are drawn. Its lanes stay: delete them when they are empty."
      })
  static final class Remove implements Callable<Integer> {
    @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

    @Parameters(index = "0", paramLabel = "BASE", description = "Its id.")
    private String id = "";

    @Override
    public Integer call() throws Exception {
      dispatcher.answer(
          client -> client.registry().removeBase(id),
          (answer, out) -> AdapterCommand.removed(answer, "/base/id", out));
      return 0;
    }
  }
}

package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.polyptych.schema.json.Json;
import dev.polyptych.weights.lora.TextEncoderParts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code polyptych adapter}. */
@Command(
    name = "adapter",
    mixinStandardHelpOptions = true,
    description = "Lists, registers and removes adapters.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      AdapterCommand.ListAdapters.class,
      AdapterCommand.Show.class,
      AdapterCommand.Add.class,
      AdapterCommand.Import.class,
      AdapterCommand.Remove.class,
    })
public final class AdapterCommand {
  private static final String SUFFIX = ".safetensors";

  /** {@code polyptych adapter list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the newest version of each registered adapter.")
  static final class ListAdapters implements Callable<Integer> {
    @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws Exception {
      dispatcher.answer(
          client -> client.registry().adapters(),
          (answer, out) -> table(answer.path("adapters"), out));
      return 0;
    }
  }

  /** {@code polyptych adapter show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Lists all versions of an adapter.")
  static final class Show implements Callable<Integer> {
    @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

    @Parameters(index = "0", paramLabel = "NAME", description = "The adapter's name.")
    private String name = "";

    @Override
    public Integer call() throws Exception {
      dispatcher.answer(
          client -> client.registry().adapter(name),
          (answer, out) -> table(answer.path("versions"), out));
      return 0;
    }
  }

  /** {@code polyptych adapter add}. */
  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = {
        "Registers an adapter: from a file of this machine, or from an address that the dispatcher"
            + " fetches.",
        "The same bytes under the same name are the same version."
      })
  static final class Add implements Callable<Integer> {
    @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

    @Parameters(index = "0", paramLabel = "NAME", description = "Its name.")
    private String name = "";

    @Parameters(
        index = "1",
        paramLabel = "SOURCE",
        description =
            "A safetensors file, or https://…, s3://bucket/key, hf://owner/repo/file@revision,"
                + " file:///folder/file of the dispatcher's machine.")
    private String source = "";

    @Mixin private Base base = new Base();

    @Option(
        names = "--sha256",
        paramLabel = "DIGEST",
        description = "What its bytes must have. For an address only.")
    private Optional<String> sha256 = Optional.empty();

    @Option(
        names = "--without-text-encoders",
        description =
            "Leave out what the file changes of text encoders. The copy that is registered has"
                + " another digest than the file. For a file of this machine only.")
    private boolean withoutTextEncoders;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      boolean address = source.matches("(https?|s3|hf)://.*|file:.*");
      Path file = address ? Path.of("") : Path.of(source);
      if (!address && !Files.isReadable(file)) {
        throw new ParameterException(
            spec.commandLine(), source + " can't be read, and is no address such as https://…");
      }
      if (withoutTextEncoders) {
        if (address) {
          throw new ParameterException(
              spec.commandLine(),
              "--without-text-encoders needs a file of this machine; fetch " + source + " first");
        }
        return addWithoutTextEncoders(file);
      }
      add(address, file);
      return 0;
    }

    private int addWithoutTextEncoders(Path file) throws Exception {
      Path copy = Files.createTempFile("polyptych-adapter", SUFFIX);
      try {
        List<String> left = TextEncoderParts.leaveOut(file, copy);
        spec.commandLine().getErr().println("tensors of text encoders left out: " + left.size());
        add(false, left.isEmpty() ? file : copy);
        return 0;
      } finally {
        Files.delete(copy);
      }
    }

    private void add(boolean address, Path file) throws Exception {
      dispatcher.answer(
          client ->
              address
                  ? client.registry().addAdapter(name, base.id(), source, sha256)
                  : client.registry().addAdapter(name, base.id(), file),
          AdapterCommand::registered);
    }
  }

  /** {@code polyptych adapter import}. */
  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description =
          "Registers every safetensors file of a folder under its file's name, in lower case.")
  static final class Import implements Callable<Integer> {
    @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

    @Parameters(index = "0", paramLabel = "FOLDER", description = "A folder with adapters.")
    private Path folder = Path.of("");

    @Mixin private Base base = new Base();

    @Override
    public Integer call() throws Exception {
      dispatcher.answer(
          client -> {
            ArrayNode versions = Json.mapper().createArrayNode();
            for (Path file : files(folder)) {
              String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
              versions.add(
                  client
                      .registry()
                      .addAdapter(
                          name.substring(0, name.length() - SUFFIX.length()), base.id(), file));
            }
            return versions;
          },
          (versions, out) -> versions.forEach(version -> registered(version, out)));
      return 0;
    }

    private static List<Path> files(Path folder) throws IOException {
      try (Stream<Path> entries = Files.list(folder)) {
        return entries
            .filter(file -> file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(SUFFIX))
            .sorted()
            .toList();
      }
    }
  }

  /** {@code polyptych adapter remove}. */
  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = {
        "Hides an adapter, or one version of it, from new jobs.",
        "Jobs that were accepted before are drawn with it. Its bytes are deleted later."
      })
  static final class Remove implements Callable<Integer> {
    @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

    @Parameters(index = "0", paramLabel = "NAME[@N]", description = "Its name, or one version.")
    private String reference = "";

    @Override
    public Integer call() throws Exception {
      Reference parts = Reference.of(reference);
      dispatcher.answer(
          client -> client.registry().removeAdapter(parts.name(), parts.version()),
          (answer, out) -> removed(answer, "/name", out));
      return 0;
    }
  }

  /** The base of what is registered. */
  static final class Base {
    @Option(
        names = "--base",
        paramLabel = "ID",
        description = "Id of the base that it was tuned for (default: the dispatcher's).")
    private Optional<String> id = Optional.empty();

    Optional<String> id() {
      return id;
    }
  }

  /** A name, and perhaps a version: {@code name@2}. */
  record Reference(String name, OptionalInt version) {
    static Reference of(String text) {
      String[] parts = text.split("@", 2);
      return parts.length == 2 && parts[1].matches("\\d{1,9}")
          ? new Reference(parts[0], OptionalInt.of(Integer.parseInt(parts[1])))
          : new Reference(text, OptionalInt.empty());
    }
  }

  /**
   * @param name where each removed version has its name
   */
  static void removed(JsonNode answer, String name, PrintWriter out) {
    for (JsonNode version : answer.path("removed")) {
      out.printf("removed %s@%d%n", version.at(name).asText(), version.path("number").asInt());
    }
  }

  private static void registered(JsonNode version, PrintWriter out) {
    out.printf(
        "%s@%d  %s  rank %d, %d layers, %d bytes%n",
        version.path("name").asText(),
        version.path("number").asInt(),
        version.path("sha256").asText(),
        version.at("/content/rank").asInt(),
        version.at("/content/modules").asInt(),
        version.at("/content/bytes").asLong());
  }

  private static void table(JsonNode versions, PrintWriter out) {
    DispatcherOptions.Table table =
        new DispatcherOptions.Table(
            "NAME", "BASE", "OWNER", "RANK", "BYTES", "DIGEST", "WORKERS", "REGISTERED");
    for (JsonNode version : versions) {
      table.row(
          version.path("name").asText() + "@" + version.path("number").asText(),
          version.path("base").asText(),
          version.path("owner").asText("shared"),
          version.at("/content/rank").asText("-"),
          version.at("/content/bytes").asText("declared"),
          version.path("sha256").asText().substring(0, 12),
          Integer.toString(version.path("workers").size()),
          version.path("createdAt").asText());
    }
    table.print(out);
  }
}

package dev.polyptych.lab.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.cli.Polyptych;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * {@code docs/commands.md} is the help of all commands. The launcher of a checkout that was never
 * built prints it. {@code -Dcommands.write=true} writes it again.
 */
class CommandsDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/commands.md");

  private static final String HEAD =
      """
      # Commands

      What `./polyptych COMMAND --help` prints. Generated from the commands; `CommandsDocumentTest` checks that it is current. To write it again: `mvn -q test -pl load-tests -am \
      -Dtest=CommandsDocumentTest -Dsurefire.failIfNoSpecifiedTests=false -Dcommands.write=true`.
      """;

  @TempDir private Path checkout;

  @Test
  void theDocumentIsTheHelpOfAllCommands() throws IOException {
    StringBuilder text = new StringBuilder(HEAD);
    CommandLine polyptych = Polyptych.commandLine();
    section(text, "polyptych --version", release(polyptych));
    describe(text, polyptych);
    if (Boolean.getBoolean("commands.write")) {
      Files.writeString(DOCUMENT, text);
    }

    assertEquals(text.toString(), Files.readString(DOCUMENT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "up --help",
        "render --task x -h",
        "bench routing --help",
        "dead show 01J --help",
        "--version"
      })
  void aCheckoutThatWasNeverBuiltAnswersWithoutABuild(String arguments) throws Exception {
    Files.createDirectories(checkout.resolve("docs"));
    Files.copy(DOCUMENT, checkout.resolve("docs/commands.md"));
    Files.copy(Path.of("../polyptych"), checkout.resolve("polyptych"));
    Files.createFile(checkout.resolve("pom.xml"));

    String printed = printed(checkout.resolve("polyptych"), List.of(arguments.split(" ")));

    assertEquals(expected(arguments), printed);
    assertTrue(Files.notExists(checkout.resolve("target")), "something was built");
  }

  private static String expected(String arguments) {
    CommandLine command = Polyptych.commandLine().setUsageHelpAutoWidth(false);
    if (arguments.equals("--version")) {
      return release(command);
    }
    for (String word : arguments.split(" ")) {
      command = command.getSubcommands().getOrDefault(word, command);
    }
    return command.getUsageMessage(Ansi.OFF);
  }

  /** Without the commit, which the document can't name. */
  private static String release(CommandLine polyptych) {
    return polyptych.getCommandSpec().version()[0].replaceFirst(" \\(.*", "") + "\n";
  }

  private static void describe(StringBuilder text, CommandLine command) {
    command.setUsageHelpAutoWidth(false);
    section(text, command.getCommandSpec().qualifiedName(), command.getUsageMessage(Ansi.OFF));
    command.getSubcommands().values().forEach(subcommand -> describe(text, subcommand));
  }

  private static void section(StringBuilder text, String title, String body) {
    text.append("\n## ").append(title).append("\n\n```\n").append(body).append("```\n");
  }

  private static String printed(Path launcher, List<String> arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(launcher.toString());
    builder.command().addAll(arguments);
    Process process = builder.redirectErrorStream(true).start();
    try {
      String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the launcher hangs");
      assertEquals(0, process.exitValue(), printed);
      return printed;
    } finally {
      process.destroyForcibly();
    }
  }
}

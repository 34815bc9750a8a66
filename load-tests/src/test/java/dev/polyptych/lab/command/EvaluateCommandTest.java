package dev.polyptych.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.cli.command.FailureMessages;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluateCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void wrongNumbersAreReportedTogether() {
    int status = evaluate("--sets", "0", "--steps", "0");

    assertEquals(CommandLine.ExitCode.USAGE, status);
    assertTrue(err.toString().contains("--sets: must be 1 or more, was 0"), err.toString());
    assertTrue(err.toString().contains("--steps: must be 1 or more, was 0"), err.toString());
  }

  @Test
  void aModelWithoutAdaptersIsReportedWithTheWayToMakeThem() {
    int status = evaluate("--model", folder.toString());

    assertEquals(CommandLine.ExitCode.SOFTWARE, status);
    assertTrue(err.toString().contains("polyptych tune"), err.toString());
  }

  @Test
  void aFolderWithoutAModelIsReportedByName() throws IOException {
    Path adapter = folder.resolve("adapters/font-design.safetensors");
    Files.createDirectories(adapter.getParent());
    Files.write(adapter, new byte[0]);

    int status = evaluate("--model", folder.toString());

    assertEquals(CommandLine.ExitCode.SOFTWARE, status);
    assertTrue(err.toString().contains(folder.toString()), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void helpSaysWhatIsMeasured() {
    int status = evaluate("--help");

    assertEquals(0, status);
    assertTrue(out.toString().contains("Agreement:"), out.toString());
  }

  @Test
  void theScorersTrainingChecksItsOptionsFirst() {
    int status = execute(new TrainScorerCommand(), "--out", "scorer.bin", "--batch", "1");

    assertEquals(CommandLine.ExitCode.USAGE, status);
    assertTrue(err.toString().contains("--out: must end in .safetensors"), err.toString());
    assertTrue(err.toString().contains("--batch: must be 2 or more, was 1"), err.toString());
  }

  private int evaluate(String... arguments) {
    return execute(new EvaluateCommand(), arguments);
  }

  private int execute(Object command, String... arguments) {
    return new CommandLine(command)
        .setExecutionExceptionHandler(new FailureMessages())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}

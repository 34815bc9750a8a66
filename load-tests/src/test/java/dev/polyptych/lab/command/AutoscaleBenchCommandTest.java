package dev.polyptych.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.cli.Polyptych;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoscaleBenchCommandTest {
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @Test
  void aScaledObjectThatCanNotBePlayedIsRefusedByWhatIsWrongWithIt() throws IOException {
    Path scaling =
        Files.writeString(
            folder.resolve("scaling.yaml"),
            "{kind: ScaledObject, spec: {triggers: [{type: cron}]}}");

    assertEquals(2, run(scaling));
    assertTrue(
        err.toString().contains("--scaling: triggers.type: must be prometheus or kafka, was cron"),
        err::toString);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("missing.yaml");

    assertEquals(2, run(missing));
    assertTrue(err.toString().contains("--scaling: can't read " + missing), err::toString);
  }

  private int run(Path scaling) {
    return Polyptych.commandLine()
        .setErr(new PrintWriter(err, true))
        .execute("bench", "autoscale", "--scaling", scaling.toString());
  }
}

package dev.polyptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCommandTest {
  private static final Path NANO = Path.of("../models/nano");

  private final StringWriter out = new StringWriter();

  @TempDir Path temporary;

  @Test
  void tellsFamilyPartsTypesAndSizes() {
    assertEquals(0, inspect(NANO));

    String told = out.toString();
    assertTrue(told.startsWith("family: FLUX.1 of other sizes: 2 double and 6 single"), told);
    assertTrue(told.contains("transformer: " + NANO.resolve("transformer")), told);
    assertTrue(told.contains("diffusers' names; "), told);
    assertTrue(told.contains("tokenizers: " + NANO), told);
    assertTrue(told.contains("weights in memory: 0.0 GB in bfloat16"), told);
    assertTrue(told.contains("16 GB, 24 GB"), told);
  }

  @Test
  void tellsWhatIsWrong() throws IOException {
    Path file = temporary.resolve("flux1-dev.safetensors");
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\n");

    assertEquals(1, inspect(file));

    assertEquals(
        "wrong: "
            + file
            + " is a git-lfs pointer, not the weights; run 'git lfs pull' in its repository, or"
            + " download the file itself\n",
        out.toString());
  }

  private int inspect(Path path) {
    return Polyptych.commandLine()
        .setOut(new PrintWriter(out))
        .execute("model", "inspect", path.toString());
  }
}

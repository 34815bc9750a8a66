package dev.polyptych.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.cli.Polyptych;
import dev.polyptych.engine.tiny.TinyModels;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineBenchCommandTest {
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @BeforeAll
  static void drawWithTheTinyModel() {
    TinyModels.makeBuiltIn();
  }

  @Test
  void writesTheGraphsToAFolderThatItMakes() {
    Path graphs = folder.resolve("new/graphs");

    assertEquals(0, run(graphs), err::toString);
    assertTrue(Files.exists(graphs.resolve("transformer.pt")));
    assertTrue(err.toString().contains("written to " + graphs), err::toString);
  }

  @Test
  void aFolderThatCanNotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertEquals(1, run(file));
    assertTrue(err.toString().contains(file.toString()), err::toString);
  }

  private int run(Path graphs) {
    return Polyptych.commandLine()
        .setErr(new PrintWriter(err, true))
        .execute("bench", "engine", "--write-graphs", graphs.toString());
  }
}

package dev.polyptych.lab.command;

import dev.polyptych.nano.train.TuningSets;
import dev.polyptych.schema.catalog.CatalogFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Paints training sets for tune. */
@Command(
    name = "draw-sets",
    description =
        "Paints captioned panel sets of nano's drawn world. Shades, styles and accessories agree"
            + " within a set. The shipped adapters were tuned on such sets.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class DrawSetsCommand implements Callable<Integer> {
  @Option(
      names = "--task",
      paramLabel = "ID",
      required = true,
      description = "A task of the catalog nano.")
  private String task;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "Folder to write to; each set gets a folder below it.")
  private Path out;

  @Option(
      names = "--sets",
      paramLabel = "N",
      description = "Number of sets (default: ${DEFAULT-VALUE}).")
  private int sets = 64;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of everything that is random (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    new TuningSets(CatalogFile.builtIn("nano"), task).write(out, sets, seed);
    spec.commandLine().getOut().println("painted " + sets + " sets of " + task + " in " + out);
    return 0;
  }
}

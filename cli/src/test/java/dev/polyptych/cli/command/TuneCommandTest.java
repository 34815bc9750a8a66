package dev.polyptych.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.training.tune.AdapterTrainer;
import dev.polyptych.training.tune.TuningJob;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TuneCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<TuningJob> jobs = new ArrayList<>();

  @TempDir private Path folder;

  private Path adapter;

  @BeforeAll
  static void tuneTheTinyModel() {
    TinyModels.makeBuiltIn();
  }

  @BeforeEach
  void writeSets() throws IOException {
    adapter = folder.resolve("adapters/mine.safetensors");
    for (int set = 1; set <= 10; set++) {
      Path sets = Files.createDirectories(folder.resolve("sets"));
      BufferedImage sheet = new BufferedImage(128, 192, BufferedImage.TYPE_INT_RGB);
      ImageIO.write(sheet, "png", sets.resolve(set + ".png").toFile());
      Files.writeString(
          sets.resolve(set + ".txt"), "[MOVIE-SHOTS] x [SCENE-1] a [SCENE-2] b [SCENE-3] c");
    }
  }

  @Test
  void tunesAnAdapterAndSaysHowToDrawWithIt() throws IOException {
    assertEquals(
        0, tune("--steps", "20", "--checkpoint-every", "8", "--rank", "4"), err.toString());

    TuningJob job = jobs.getFirst();
    assertEquals(9, job.sets().training().size());
    assertEquals(1, job.sets().validation().size());
    assertEquals(40, job.layers().size());
    String told = out.toString();
    assertTrue(told.contains("film-storyboard: rank 4 on 40 layers, 9 sets to train on"), told);
    assertTrue(told.contains("step 16: validation loss 0.5000"), told);
    assertTrue(told.contains("mine.safetensors: 0."), told);
    assertTrue(told.contains("try it   polyptych engine --model "), told);
    assertTrue(told.contains("adapter: \"mine\""), told);
    assertTrue(err.toString().contains("note: 10 sets are few"), err.toString());
    Path catalog = folder.resolve("adapters/mine.yaml");
    assertEquals("mine", CatalogFile.read(catalog).tasks().getFirst().adapter());
    try (SafetensorsFile file = SafetensorsFile.open(adapter)) {
      assertEquals("film-storyboard", file.metadata().get("polyptych.task"));
      assertEquals(80, file.names().size());
    }
    String curve = Files.readString(folder.resolve("adapters/mine.loss.svg"));
    assertTrue(curve.contains("width=\"1200\"") && curve.contains("validation"), curve);
  }

  @Test
  void updatesACatalogFile() throws IOException {
    Path catalog = folder.resolve("catalog.yaml");
    assertEquals(0, tune("--steps", "2"), err.toString());
    Files.move(folder.resolve("adapters/mine.yaml"), catalog);
    adapter = folder.resolve("better.safetensors");

    assertEquals(0, tune("--steps", "2", "--catalog", catalog.toString()), err.toString());

    assertEquals("better", CatalogFile.read(catalog).tasks().getFirst().adapter());
    assertFalse(Files.exists(folder.resolve("better.yaml")));
  }

  @Test
  void takesTheCatalogThatIsCalledAsTheModelsFolder() throws IOException {
    Path nano = Files.createSymbolicLink(folder.resolve("Nano"), TinyModels.folder());
    Path other = Files.createSymbolicLink(folder.resolve("other"), TinyModels.folder());

    assertEquals(0, tune("--steps", "2", "--model", nano.toString()), err.toString());
    assertEquals(2, tune("--steps", "2", "--model", other.toString()));

    try (SafetensorsFile file = SafetensorsFile.open(adapter)) {
      assertEquals("nano", file.metadata().get("polyptych.model"));
    }
    assertTrue(
        err.toString().contains("--catalog: name the catalog of the model; none is built in for"),
        err.toString());
  }

  @Test
  void refusesACaptionThatTheModelDoesNotReadToItsEnd() throws IOException {
    String caption = "[MOVIE-SHOTS] x [SCENE-1] a [SCENE-2] b [SCENE-3] " + "c ".repeat(600);
    Files.writeString(folder.resolve("sets/3.txt"), caption);

    assertEquals(2, tune("--steps", "2"));
    assertEquals(0, tune("--steps", "2", "--truncate"), err.toString());

    String told = err.toString();
    assertTrue(told.contains("3.png: its caption has "), told);
    assertTrue(told.contains("--truncate: shorten these captions"), told);
    assertTrue(told.contains("note: 3.png: its caption has "), told);
  }

  @Test
  void goesOnFromACheckpointOnlyWhenAskedTo() throws IOException {
    Files.createDirectories(adapter.getParent());
    Files.writeString(folder.resolve("adapters/mine.checkpoint"), "7");

    assertEquals(1, tune("--steps", "9"));
    assertTrue(err.toString().contains("continue it with --resume"), err.toString());
    assertEquals(0, tune("--steps", "9", "--resume"), err.toString());

    assertTrue(out.toString().contains("9 steps,"), out.toString());
    assertFalse(out.toString().contains("7/9"), out.toString());
  }

  @Test
  void tellsAllWrongOptionsAtOnceWithTheUsageStatus() {
    adapter = folder.resolve("mine.bin");

    int status =
        tune(
            "--rank",
            "0",
            "--ema",
            "1",
            "--validation",
            "1",
            "--threads",
            "-1",
            "--weight-type",
            "float8");

    assertEquals(2, status);
    for (String option :
        List.of("--rank", "--ema", "--validation", "--threads", "--weight-type", "--out")) {
      assertTrue(err.toString().contains(option + ": "), err.toString());
    }
    assertTrue(jobs.isEmpty());
  }

  @Test
  void namesTheNearestTaskAndTheProblemsOfTheSets() throws IOException {
    Files.writeString(folder.resolve("sets/3.txt"), "no markers");

    assertEquals(1, tune());
    assertEquals(2, tune("--task", "film-storybord"));

    assertTrue(err.toString().contains("3.txt lacks the marker [MOVIE-SHOTS]"), err.toString());
    assertTrue(err.toString().contains("did you mean 'film-storyboard'?"), err.toString());
    assertTrue(jobs.isEmpty());
  }

  @Test
  void itsDefaultsAreThoseOfTheAuthors() {
    assertEquals(0, tune("--steps", "1"), err.toString());

    assertEquals(
        "TuningOptions[rank=16, steps=1, batch=4, learningRate=1.0E-4, seed=0,"
            + " timestepShifts=[1.0], captionDropout=0.05, emaDecay=0.99]",
        jobs.getFirst().options().toString());
    String help = new CommandLine(new TuneCommand()).getUsageMessage();
    assertTrue(help.contains("5000"), help);
    assertTrue(help.contains("250"), help);
  }

  private int tune(String... more) {
    AdapterTrainer.Factory trainers =
        job -> {
          jobs.add(job);
          return new StandInTrainer(job);
        };
    List<String> arguments = new ArrayList<>(List.of(more));
    if (!arguments.contains("--task")) {
      arguments.addAll(List.of("--task", "film-storyboard"));
    }
    arguments.addAll(
        List.of("--sets", folder.resolve("sets").toString(), "--out", adapter.toString()));
    return new CommandLine(new TuneCommand(trainers))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new FailureMessages())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments.toArray(String[]::new));
  }
}

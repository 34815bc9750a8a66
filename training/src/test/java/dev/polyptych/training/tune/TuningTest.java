package dev.polyptych.training.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.training.LossHistory;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningTest {
  private static final Map<String, AdapterTrainer.MatrixPair> MATRICES =
      Map.of("single_transformer_blocks.0.proj_mlp", pair());

  private final List<String> events = new ArrayList<>();

  @TempDir private Path folder;

  private TuningFiles files;

  @BeforeEach
  void name() {
    files = new TuningFiles(folder.resolve("new/storyboard.safetensors"));
  }

  @Test
  void trainsToTheLastStepAndWritesAdapterAndCurve() throws IOException {
    Tuning.Result result = tuning(new FakeTrainer(MATRICES), 10, true).run(() -> false);

    assertTrue(result.finished());
    assertEquals(10, result.steps());
    assertEquals(OptionalDouble.of(0.2), result.validation());
    assertEquals(List.of("validated 4", "saved 4", "validated 8", "saved 8"), events.subList(0, 4));
    assertEquals(List.of("validated 10", "saved 10"), events.subList(4, 6));
    assertFalse(Files.exists(files.checkpoint()));
    assertEquals(10, LossHistory.parse(Files.readString(files.losses()), 99).losses().size());
    try (SafetensorsFile adapter = SafetensorsFile.open(files.adapter())) {
      assertEquals(Map.of("format", "pt", "steps", "10"), adapter.metadata());
    }
    assertEquals(
        List.of("storyboard.loss.csv", "storyboard.loss.svg", "storyboard.safetensors"), names());
  }

  @Test
  void asksForNoValidationLossWithoutSetsHeldOut() {
    FakeTrainer trainer = new FakeTrainer(MATRICES);

    Tuning.Result result = tuning(trainer, 10, false).run(() -> false);

    assertEquals(0, trainer.validations());
    assertTrue(result.validation().isEmpty());
  }

  @Test
  void keepsACheckpointWhenStoppedAndGoesOnFromIt() throws IOException {
    FakeTrainer stopped = new FakeTrainer(MATRICES);
    Tuning.Result first = tuning(stopped, 10, true).run(() -> stopped.done() == 6);
    assertFalse(first.finished());
    assertEquals("6", Files.readString(files.checkpoint()));
    assertFalse(Files.exists(files.adapter()));

    Tuning again = tuning(new FakeTrainer(MATRICES), 10, true);
    again.resume();
    Tuning.Result second = again.run(() -> false);

    assertTrue(second.finished());
    LossHistory history = LossHistory.parse(Files.readString(files.losses()), 99);
    assertEquals(10, history.losses().size());
    assertEquals(1.0 / 3, history.losses().get(2).loss(), 1e-6);
    assertEquals(List.of(4, 8, 10), history.validations().stream().map(p -> p.step()).toList());
  }

  @Test
  void forgetsLossesThatCameAfterTheCheckpoint() throws IOException {
    Files.createDirectories(files.losses().getParent());
    Files.writeString(files.checkpoint(), "2");
    Files.writeString(files.losses(), "step,loss,validation\n1,5,\n2,5,\n3,7,7\n");

    Tuning tuning = tuning(new FakeTrainer(MATRICES), 3, false);
    tuning.resume();
    tuning.run(() -> false);

    LossHistory history = LossHistory.parse(Files.readString(files.losses()), 99);
    assertEquals(1.0 / 3, history.losses().get(2).loss(), 1e-6);
    assertTrue(history.validations().isEmpty());
  }

  @Test
  void writesNothingWhenStoppedBeforeTheFirstStep() throws IOException {
    Tuning.Result result = tuning(new FakeTrainer(MATRICES), 10, true).run(() -> true);

    assertEquals(0, result.steps());
    assertTrue(result.loss().isEmpty());
    assertFalse(Files.exists(folder.resolve("new")));
  }

  @Test
  void stopsAtALossThatIsNoNumberAndKeepsTheLastCheckpoint() throws IOException {
    FakeTrainer trainer = new FakeTrainer(MATRICES);
    Tuning tuning = tuning(trainer, 10, false);
    TuningException diverged =
        assertThrows(TuningException.class, () -> tuning.run(() -> brokenAfterFive(trainer)));

    assertTrue(
        diverged
            .getMessage()
            .startsWith(
                "the loss became NaN at step 6; no adapter was written; tune with a lower"));
    assertTrue(diverged.getMessage().contains("storyboard.checkpoint is of step 4"));
    assertEquals("4", Files.readString(files.checkpoint()));
  }

  @Test
  void stopsWhenTheLossOnTrainingSetsRisesAboveTheBaseModels() throws IOException {
    for (double risen : new double[] {1.2501, 2.2, Double.NaN, Double.POSITIVE_INFINITY}) {
      FakeTrainer trainer = new FakeTrainer(MATRICES);
      Tuning tuning = tuning(trainer, 10, false);

      TuningException diverged =
          assertThrows(
              TuningException.class,
              () -> tuning.run(() -> risesAtStep(trainer, 3, risen)),
              "risen to " + risen);

      assertTrue(
          diverged.getMessage().startsWith("the loss on training sets rose from 1.0000"),
          diverged.getMessage());
      assertTrue(diverged.getMessage().contains("at step 4; no adapter"), diverged.getMessage());
      assertFalse(Files.exists(folder.resolve("new")));
    }
  }

  @Test
  void aLossAtTheLimitIsNoDivergence() throws IOException {
    FakeTrainer trainer = new FakeTrainer(MATRICES);

    tuning(trainer, 10, false).run(() -> risesAtStep(trainer, 3, 1.25));

    assertTrue(Files.exists(files.adapter()));
  }

  @Test
  void looksAtTheLossBetweenCheckpointsToo() {
    FakeTrainer trainer = new FakeTrainer(MATRICES);
    Tuning tuning =
        new Tuning(trainer, files, new Tuning.Plan(200, 200, false), Map.of(), TuneOnce.SILENT);

    assertThrows(TuningException.class, () -> tuning.run(() -> risesAtStep(trainer, 3, 2)));

    assertEquals(50, trainer.done());
  }

  @Test
  void aResumedRunIsHeldToTheBaseModelsLossToo() throws IOException {
    Files.createDirectories(files.checkpoint().getParent());
    Files.writeString(files.checkpoint(), "2");
    FakeTrainer trainer = new FakeTrainer(MATRICES);
    Tuning tuning = tuning(trainer, 10, false);
    tuning.resume();

    // Three times the loss at the checkpoint, but no more than the base model's.
    tuning.run(() -> risesAtStep(trainer, 3, 1));

    assertTrue(Files.exists(files.adapter()));
  }

  @Test
  void writesTheSameBytesInEveryJvm() throws IOException, InterruptedException {
    Path first = TuneOnce.inAnotherJvm(folder.resolve("first.safetensors"));
    Path second = TuneOnce.inAnotherJvm(folder.resolve("second.safetensors"));
    Path here = folder.resolve("here.safetensors");

    TuneOnce.main(here.toString());

    assertEquals(-1, Files.mismatch(first, second));
    assertEquals(-1, Files.mismatch(first, here));
  }

  @Test
  void refusesToResumeNothingAndToForgetAStoppedRun() throws IOException {
    assertTrue(refusal(true).contains("to resume; omit --resume"));
    files.checkResuming(false);

    Files.createDirectories(files.checkpoint().getParent());
    Files.writeString(files.checkpoint(), "4");

    files.checkResuming(true);
    assertTrue(refusal(false).contains("continue it with --resume, or delete it"));
  }

  @Test
  void refusesANameThatIsNoSafetensorsFile() {
    for (String name : List.of("x.bin", ".safetensors", "adapters/", "/")) {
      assertThrows(IllegalArgumentException.class, () -> new TuningFiles(Path.of(name)), name);
    }
  }

  private String refusal(boolean resuming) {
    return assertThrows(TuningException.class, () -> files.checkResuming(resuming)).getMessage();
  }

  private static boolean brokenAfterFive(FakeTrainer trainer) {
    if (trainer.done() == 5) {
      trainer.breakDown(Double.NaN);
    }
    return false;
  }

  private static boolean risesAtStep(FakeTrainer trainer, int step, double loss) {
    if (trainer.done() == step) {
      trainer.rise(loss);
    }
    return false;
  }

  private Tuning tuning(AdapterTrainer trainer, int steps, boolean validating) {
    Tuning.Listener listener =
        new Tuning.Listener() {
          @Override
          public void stepped(int step, double loss) {}

          @Override
          public void validated(int step, double loss) {
            events.add("validated " + step);
          }

          @Override
          public void saved(int step) {
            events.add("saved " + step);
          }
        };
    Tuning.Plan plan = new Tuning.Plan(steps, 4, validating);
    return new Tuning(trainer, files, plan, Map.of("steps", "10"), listener);
  }

  private List<String> names() throws IOException {
    try (var all = Files.list(files.adapter().getParent())) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static AdapterTrainer.MatrixPair pair() {
    return new AdapterTrainer.MatrixPair(1, 2, 3, new float[] {1, 2}, new float[] {3, 4, 5});
  }
}

package dev.polyptych.nano.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.nano.evaluate.EvaluationPlan.Contender;
import dev.polyptych.nano.evaluate.EvaluationPlan.EvaluationException;
import dev.polyptych.nano.evaluate.TaskResult.Summary;
import dev.polyptych.nano.score.Attribute;
import dev.polyptych.nano.score.Scorer;
import dev.polyptych.nano.score.TrainScorer;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.weights.model.ModelFolderException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluatorIT {
  private static final List<Contender> BOTH = List.of(Contender.BASE, Contender.ADAPTER);

  private final Catalog catalog = CatalogFile.builtIn("nano");
  private final Gallery gallery = new Gallery();
  private final List<String> progress = new ArrayList<>();

  @TempDir private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    RandomNano.write(model, List.of("film-storyboard", "font-design"));
  }

  @Test
  void everyTaskWithAnAdapterIsDrawnAndReadWholly() throws IOException {
    writeScorer();

    Evaluation evaluation = evaluate(EvaluationPlan.tasks(catalog, List.of(), BOTH, model), BOTH);

    assertEquals(
        List.of("film-storyboard", "font-design"),
        evaluation.tasks().stream().map(TaskResult::task).toList());
    for (TaskResult result : evaluation.tasks()) {
      for (Contender contender : BOTH) {
        assertWhole(Summary.of(result.scores().get(contender).drawn()));
        assertWhole(Summary.of(result.scores().get(contender).referenced()));
      }
    }
    assertEquals(Attribute.values().length, evaluation.scorer().plain().size());
    assertEquals(Attribute.values().length, evaluation.scorer().reconstructed().size());
    assertTrue(progress.contains("film-storyboard, adapter: 1 of 1 sets"), progress.toString());
  }

  @Test
  void theContactSheetShowsBothContendersWithoutAndWithAReference() throws IOException {
    writeScorer();

    evaluate(EvaluationPlan.tasks(catalog, List.of("font-design"), BOTH, model), BOTH);

    int sheet = 2 * 128 + 4;
    assertEquals(4 + sheet, gallery.picture().getWidth());
    assertEquals(4 + 4 * sheet + 12, gallery.picture().getHeight());
  }

  @Test
  void aCleanReferenceDrawsAnotherSetAndATasksDefaultIsTheOther() throws IOException {
    writeScorer();
    List<Contender> base = List.of(Contender.BASE);
    List<Task> tasks = EvaluationPlan.tasks(catalog, List.of("couple-profile"), base, model);
    List<int[]> pictures = new ArrayList<>();
    for (Optional<ReferenceMethod> way :
        List.of(
            Optional.<ReferenceMethod>empty(),
            Optional.of(ReferenceMethod.SDEDIT),
            Optional.of(ReferenceMethod.CLEAN))) {
      Gallery drawn = new Gallery();
      evaluate(tasks, base, drawn, way);
      BufferedImage picture = drawn.picture();
      pictures.add(
          picture.getRGB(
              0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth()));
    }

    assertArrayEquals(pictures.get(0), pictures.get(1));
    assertFalse(Arrays.equals(pictures.get(1), pictures.get(2)));
  }

  @Test
  void theSameSeedGivesTheSameScores() throws IOException {
    writeScorer();
    List<Contender> base = List.of(Contender.BASE);
    List<Task> tasks = EvaluationPlan.tasks(catalog, List.of("couple-profile"), base, model);

    Evaluation one = evaluate(tasks, base);
    Evaluation other = evaluate(tasks, base);

    assertEquals(one.tasks(), other.tasks());
    assertFalse(one.tasks().getFirst().compares());
  }

  @Test
  void aMissingScorerIsReportedBeforeAnythingIsDrawn() {
    List<Task> tasks = EvaluationPlan.tasks(catalog, List.of(), BOTH, model);

    assertThrows(ModelFolderException.class, () -> evaluate(tasks, BOTH));

    assertTrue(progress.isEmpty(), progress.toString());
  }

  @Test
  void aTaskWithoutAdapterIsRefusedByName() {
    EvaluationException refused =
        assertThrows(
            EvaluationException.class,
            () -> EvaluationPlan.tasks(catalog, List.of("couple-profile"), BOTH, model));

    assertTrue(refused.getMessage().contains("polyptych tune --task couple-profile"));
  }

  @Test
  void anUnknownTaskIsReportedWithTheKnownOnes() {
    EvaluationException refused =
        assertThrows(
            EvaluationException.class,
            () -> EvaluationPlan.tasks(catalog, List.of("film"), BOTH, model));

    assertTrue(refused.getMessage().contains("film-storyboard"), refused.getMessage());
  }

  @Test
  void aModelWithoutAnyAdapterIsRefused() {
    EvaluationException refused =
        assertThrows(
            EvaluationException.class,
            () -> EvaluationPlan.tasks(catalog, List.of(), BOTH, model.resolve("elsewhere")));

    assertTrue(refused.getMessage().contains("--base-only"), refused.getMessage());
  }

  private void writeScorer() throws IOException {
    TrainScorer.run(
        new TrainScorer.Settings(Optional.empty(), 1, 1, 2, 1),
        Scorer.of(model),
        model.resolve("work"),
        () -> false);
  }

  private Evaluation evaluate(List<Task> tasks, List<Contender> contenders) {
    return evaluate(tasks, contenders, gallery, Optional.empty());
  }

  private Evaluation evaluate(
      List<Task> tasks,
      List<Contender> contenders,
      Gallery drawn,
      Optional<ReferenceMethod> reference) {
    EvaluationPlan plan =
        new EvaluationPlan(
            model,
            Scorer.of(model),
            tasks,
            contenders,
            new EvaluationPlan.Sampling(1, OptionalInt.of(2), 1, reference, 64));
    return new Evaluator(plan, drawn, progress::add).run(EngineOptions.cpu(ComputeType.FLOAT32));
  }

  private static void assertWhole(Summary summary) {
    assertTrue(summary.fidelity().value() >= 0, summary.toString());
    assertTrue(summary.faithfulPanels().value() >= 0, summary.toString());
    assertTrue(summary.agreement().value() >= 0, summary.toString());
    assertFalse(summary.fidelityOf().isEmpty());
    assertFalse(summary.agreementOf().isEmpty());
  }
}

package dev.polyptych.lab.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polyptych.nano.evaluate.Evaluation;
import dev.polyptych.nano.evaluate.EvaluationPlan.Contender;
import dev.polyptych.nano.evaluate.TaskResult;
import dev.polyptych.nano.score.Attribute;
import dev.polyptych.nano.score.ScorerValidation;
import dev.polyptych.nano.score.SetScore;
import dev.polyptych.nano.score.SetScore.Share;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class EvaluationReportTest {
  private static final SetScore DRIFTING = score(19, 3);
  private static final SetScore AGREEING = score(20, 9);

  @Test
  void theJsonIsOneObjectLikeThatOfTheBenches() throws IOException {
    JsonNode json = json(evaluation(both()));

    assertEquals("evaluate", json.path("bench").asText());
    assertFalse(json.path("machine").path("processor").asText().isEmpty());
    assertEquals(0.95, json.path("figures").path("base_fidelity").asDouble());
    assertEquals(0.3, json.path("figures").path("film_storyboard_base_agreement_low").asDouble());
    assertEquals(
        0.9, json.path("figures").path("film_storyboard_adapter_agreement_shade").asDouble());
    assertEquals(0.6, json.path("figures").path("film_storyboard_agreement_gain").asDouble(), 1e-9);
  }

  @Test
  void aimsStandBesideTheFiguresThatTheyJudge() throws IOException {
    JsonNode json = json(evaluation(both()));

    assertTrue(aim(json, "scorer_accuracy_subject").path("met").asBoolean());
    assertFalse(aim(json, "scorer_autoencoder_accuracy_subject").path("met").asBoolean());
    assertEquals(">= 0.85", aim(json, "base_fidelity").path("aim").asText());
    assertEquals(">= 0.85", aim(json, "film_storyboard_adapter_agreement").path("aim").asText());
    assertEquals(">= 0.3", aim(json, "film_storyboard_agreement_gain").path("aim").asText());
    JsonNode loss = aim(json, "film_storyboard_fidelity_loss");
    assertEquals("<= 0.03", loss.path("aim").asText());
    assertTrue(loss.path("met").asBoolean());
    assertFalse(aim(json, "film_storyboard_adapter_reference_agreement").path("met").asBoolean());
  }

  @Test
  void theBaseAloneHasNoAimsOfAdapters() throws IOException {
    JsonNode json = json(evaluation(Map.of(Contender.BASE, scores(DRIFTING))));

    assertTrue(json.path("figures").has("film_storyboard_base_agreement"));
    assertFalse(json.path("figures").has("film_storyboard_agreement_gain"));
    assertEquals(3, json.path("aims").size());
  }

  @Test
  void theTableNamesEveryContender() {
    Evaluation evaluation = evaluation(both());

    String table = EvaluationTable.of(evaluation, EvaluationReport.of(evaluation));

    assertTrue(table.contains("film-storyboard           base     95 (95-95)"), table);
    assertTrue(table.contains("film-storyboard           adapter  100 (100-100)"), table);
    assertTrue(table.contains("aim >= 0.95: missed"), table);
  }

  private static Map<Contender, TaskResult.Scores> both() {
    return Map.of(
        Contender.BASE,
        scores(DRIFTING),
        Contender.ADAPTER,
        new TaskResult.Scores(sets(AGREEING), sets(DRIFTING)));
  }

  private static Evaluation evaluation(Map<Contender, TaskResult.Scores> scores) {
    ScorerValidation scorer =
        new ScorerValidation(
            Map.of(Attribute.SUBJECT, new Share(99, 100)),
            Map.of(Attribute.SUBJECT, new Share(94, 100)));
    return new Evaluation(
        scorer, List.of(new TaskResult("film-storyboard", new EnumMap<>(scores))), "cpu() float32");
  }

  private static TaskResult.Scores scores(SetScore score) {
    return new TaskResult.Scores(sets(score), sets(score));
  }

  private static List<SetScore> sets(SetScore score) {
    return Collections.nCopies(4, score);
  }

  private static SetScore score(int right, int alike) {
    return new SetScore(
        Map.of(Attribute.SUBJECT, new Share(right, 20)),
        new Share(1, 2),
        Map.of(Attribute.SHADE, new Share(alike, 10)));
  }

  private static JsonNode json(Evaluation evaluation) throws IOException {
    return new ObjectMapper().readTree(EvaluationReport.of(evaluation).json());
  }

  private static JsonNode aim(JsonNode json, String name) {
    return StreamSupport.stream(json.path("aims").spliterator(), false)
        .filter(aim -> aim.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no aim " + name));
  }
}

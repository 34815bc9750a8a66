package dev.polyptych.dispatcher.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** With nano's own tokenizers, without broker and store. */
class TextCheckTest {
  private static final Catalog NANO = CatalogFile.builtIn("nano");

  @Test
  void refusesTextThatWouldBeLostAndCountsWhatIsAccepted() throws IOException {
    String lost = request("x");
    try (TextCheck texts = TextCheck.start(NANO)) {
      if (!(texts.check(admitted(NANO, lost))
          instanceof Validated.Invalid<RenderJob>(List<FieldProblem> problems))) {
        throw new AssertionError("it was accepted");
      }
      assertEquals(
          List.of("panels[0]", "panels[1]", "panels[2]"),
          problems.stream().map(FieldProblem::field).toList());
      assertEquals(ErrorCode.TEXT_TOO_LONG, problems.getFirst().code());

      RenderJob accepted =
          valid(texts.check(admitted(NANO, lost.replaceFirst("\\{", "{\"truncate\": true, "))));

      assertEquals(List.of(1, 2, 3), accepted.text().orElseThrow().cut());
      assertEquals(48, accepted.text().orElseThrow().limit());
      assertEquals(Optional.empty(), accepted.request().scene().truncate());
    }
  }

  @Test
  void everyExampleOfTheCatalogsFits() {
    try (TextCheck texts = TextCheck.start(NANO)) {
      for (String name : List.of("nano", "flux.1-dev")) {
        Catalog catalog = CatalogFile.builtIn(name);
        catalog
            .tasks()
            .forEach(
                task -> {
                  String json =
                      new String(
                          Json.bytes(
                              Map.of(
                                  "task", task.id(),
                                  "prompt", task.example().prompt(),
                                  "panels", task.example().panels())),
                          StandardCharsets.UTF_8);
                  RenderJob job = valid(texts.check(admitted(catalog, json)));
                  assertEquals(List.of(), job.text().orElseThrow().cut(), task.id());
                });
      }
    }
  }

  @Test
  void wordsThatTheModelNeverLearntAreToldAndAccepted() throws IOException {
    try (TextCheck texts = TextCheck.start(NANO)) {
      RenderJob job = valid(texts.check(admitted(NANO, storyboard("a fox, Max"))));

      assertEquals(List.of("Max"), job.text().orElseThrow().unknownWords());
    }
  }

  private static String storyboard(String panel) {
    return Json.mapper()
        .createObjectNode()
        .put("task", "film-storyboard")
        .put("prompt", "a film about a fox")
        .set("panels", Json.mapper().valueToTree(List.of(panel, panel, panel)))
        .toString();
  }

  @Test
  void aModelWithoutTokenizersIsNotCounted() {
    Catalog tiny = CatalogFile.builtIn("tiny");
    String json =
        "{\"task\": \"couple-profile\", \"prompt\": \"cats\", \"panels\": [\"a\", \"b\"],"
            + " \"truncate\": true}";
    try (TextCheck texts = TextCheck.start(tiny)) {
      RenderJob job = valid(texts.check(admitted(tiny, json)));

      assertEquals(Optional.empty(), job.text());
      assertEquals(Optional.empty(), job.request().scene().truncate());
    }
  }

  private static RenderJob admitted(Catalog catalog, String json) {
    Admission admission =
        new Admission(
            tenant -> new JobResolver(catalog),
            Clock.systemUTC(),
            () -> 1,
            address -> Optional.empty());
    return valid(
        admission
            .read(json.getBytes(StandardCharsets.UTF_8))
            .then(read -> admission.resolve(read, "default")));
  }

  private static RenderJob valid(Validated<RenderJob> checked) {
    return switch (checked) {
      case Validated.Valid<RenderJob>(RenderJob job) -> job;
      case Validated.Invalid<RenderJob>(var problems) ->
          throw new AssertionError(problems.toString());
    };
  }

  private static String request(String name) throws IOException {
    try (InputStream json =
        TextCheckTest.class.getResourceAsStream("/cases/truncated-panel-" + name + ".json")) {
      return new String(json.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

package dev.polyptych.schema.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryReaderTest {
  private static final String DIGEST = "0123456789abcdef".repeat(4);

  private static final String TASK =
      """
      base: nano
      id: pair
      title: A pair
      adapters:
        - {name: pair@2}
        - {name: ink, scale: -0.5}
      layout: {rows: 1, columns: 2, panelWidth: 64, panelHeight: 64}
      template: "{prompt} [L] {panel1} [R] {panel2}"
      defaults: {steps: 24, guidance: 1, adapterScale: 1}
      example: {prompt: a fox, panels: [left, right]}
      """;

  @Test
  void aTaskIsReadFromYamlAndKeepsItsValuesInJson() throws Exception {
    // When
    TaskDraft draft = valid(RegistryReader.task(TASK.getBytes(UTF_8)));
    // Then
    assertEquals(
        List.of(
            new ScaledAdapter(AdapterReference.version("pair", 2), 1),
            new ScaledAdapter(AdapterReference.newest("ink"), -0.5)),
        draft.adapters().orElseThrow());
    assertEquals("pair", draft.task().adapter());
    TaskVersion version =
        new TaskVersion(
            1, 7, "nano", draft.task(), Optional.of("studio"), Instant.EPOCH, draft.adapters());
    byte[] json = Json.bytes(version);
    assertEquals(version, Json.mapper().readValue(json, TaskVersion.class));
    assertEquals(draft, version.draft());
  }

  @Test
  void everyBuiltInTaskIsReadAsItIsInItsCatalog() {
    for (String model : List.of("nano", "flux.1-dev", "tiny")) {
      Catalog catalog = CatalogFile.builtIn(model);
      BaseDeclaration base = BaseDeclaration.builtIn(model);
      for (Task task : catalog.tasks()) {
        ObjectNode json = Json.mapper().valueToTree(task);
        json.put("base", model);
        TaskDraft draft = valid(RegistryReader.task(Json.bytes(json)));
        assertEquals(new TaskDraft(model, task, Optional.empty()), draft);
        assertEquals(List.of(), draft.problems(base));
      }
    }
  }

  @Test
  void aTaskWithoutAdaptersDrawsWithTheBaseAlone() {
    String alone = TASK.replaceAll("(?s)adapters:.*layout", "adapters: []\nlayout");
    TaskDraft draft = valid(RegistryReader.task(alone.getBytes(UTF_8)));

    assertEquals(Optional.of(List.of()), draft.adapters());
    assertEquals("", draft.task().adapter());
  }

  @Test
  void withoutAListTheTasksOwnAdapterIsUsedAtItsDefaultScale() {
    Task task = CatalogFile.builtIn("nano").task("film-storyboard").orElseThrow();
    TaskVersion version =
        new TaskVersion(1, 1, "nano", task, Optional.empty(), Instant.EPOCH, Optional.empty());

    assertEquals(
        List.of(new ScaledAdapter(AdapterReference.newest("film-storyboard"), 1)), version.uses());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "title: A pair             | titel: A pair        | titel             | did you mean 'title'",
        "title: A pair             | ''                   | title             | is missing",
        "id: pair                  | id: Pair             | id                | lower-case",
        "base: nano                | base: a@1            | base              | lower-case",
        "{name: pair@2}            | {name: pair@x}       | adapters[0].name  | name@3",
        "scale: -0.5               | scale: -4.5          | adapters[1].scale | from -4.0 to 4.0",
        "scale: -0.5               | scael: 1             | adapters[1].scael | did you mean",
        "rows: 1                   | rows: 2              | template          | the layout has 4",
        "rows: 1                   | rows: 2              | example.panels    | the layout has 4",
        "[R] {panel2}              | [R]                  | template          | the layout has 2",
        "[R] {panel2}              | [R] {panel3}         | template          | once each",
        "steps: 24                 | steps: many          | defaults.steps    | an integer",
        "defaults: {steps: 24,     | v: 2 # {             | v                 | from 1 to 1",
      })
  void eachFaultOfATaskIsNamedWithItsRemedy(
      String right, String wrong, String field, String remedy) {
    String document = TASK.replace(right, wrong);

    List<FieldProblem> problems = problems(RegistryReader.task(document.getBytes(UTF_8)));

    assertTrue(
        problems.stream().anyMatch(p -> p.field().equals(field) && p.detail().contains(remedy)),
        problems::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"layout", "template", "defaults", "example", "title"})
  void aRequiredFieldThatIsNullIsMissing(String field) {
    String document = TASK.replaceAll("(?m)^" + field + ":.*$", field + ": null");

    List<FieldProblem> problems = problems(RegistryReader.task(document.getBytes(UTF_8)));

    assertEquals(List.of(field), fields(problems));
    assertTrue(problems.getFirst().detail().startsWith("is missing"), problems::toString);
  }

  @Test
  void anOptionalFieldThatIsNullIsLeftOut() {
    String task = TASK.replace("base: nano", "base: null\nadapter: null\nrouting: null");
    String base = "{id: b, note: n, weights: null, partitions: null, transformer: null}";

    assertEquals("nano", valid(RegistryReader.task(task.getBytes(UTF_8), "nano")).base());
    assertEquals(List.of(), valid(RegistryReader.base(base.getBytes(UTF_8))).weights());
  }

  @Test
  void fiveAdaptersAreTooMany() {
    String five = TASK.replace("  - {name: pair@2}\n", "  - {name: a}\n".repeat(4));

    assertEquals("adapters", problems(RegistryReader.task(five.getBytes(UTF_8))).get(0).field());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "a", "base: nano\nbase: tiny\n", "{\"base\":", "a: &x [*x]"})
  void whatIsNoDocumentIsRefused(String document) {
    assertTrue(!problems(RegistryReader.task(document.getBytes(UTF_8))).isEmpty());
  }

  @Test
  void deepInputIsRefused() {
    String deep = "base: " + "[".repeat(5_000) + "]".repeat(5_000);

    assertEquals("", problems(RegistryReader.task(deep.getBytes(UTF_8))).getFirst().field());
  }

  @Test
  void aTaskThatDoesNotFitItsBaseSaysSo() {
    BaseDeclaration nano = BaseDeclaration.builtIn("nano");
    String odd = TASK.replace("panelWidth: 64", "panelWidth: 65");
    String large =
        TASK.replace("panelWidth: 64, panelHeight: 64", "panelWidth: 2048, panelHeight: 512");

    assertEquals(
        List.of("layout.panelWidth"),
        fields(valid(RegistryReader.task(odd.getBytes(UTF_8))).problems(nano)));
    List<FieldProblem> problems = valid(RegistryReader.task(large.getBytes(UTF_8))).problems(nano);
    assertEquals(List.of("layout"), fields(problems));
    assertTrue(problems.getFirst().detail().contains("draws at most 1048576"));
  }

  @Test
  void anAdapterIsReadWithItsSource() {
    String json = "{\"base\":\"nano\",\"source\":\"https://a.example/x\",\"sha256\":\"%s\"}";

    assertEquals(
        new AdapterDraft("nano", "https://a.example/x", Optional.of(DIGEST)),
        valid(RegistryReader.adapter(json.formatted(DIGEST).getBytes(UTF_8))));
    assertEquals(
        List.of("sha256"),
        fields(problems(RegistryReader.adapter(json.formatted("AB").getBytes(UTF_8)))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "weights: [ab]           | weights[0]         | 64 lower-case",
        "tokenEdge: 65           | tokenEdge          | from 1 to 64",
        "partitions: 0           | partitions         | from 1",
        "transformer: none       | transformer        | an object",
        "largestSheetPixels: -1  | largestSheetPixels | from 1",
      })
  void eachFaultOfABaseIsNamed(String line, String field, String remedy) {
    List<FieldProblem> problems =
        problems(RegistryReader.base(("id: b\nnote: n\n" + line + "\n").getBytes(UTF_8)));

    assertEquals(List.of(field), fields(problems));
    assertTrue(problems.getFirst().detail().contains(remedy), problems::toString);
  }

  @Test
  void aVersionThatIsNoneIsNotMade() {
    assertThrows(IllegalArgumentException.class, () -> version("Ink", 1, DIGEST));
    assertThrows(IllegalArgumentException.class, () -> version("ink", 0, DIGEST));
    assertThrows(IllegalArgumentException.class, () -> version("ink", 1, "ab"));
    assertEquals(AdapterVersion.State.DECLARED, version("ink", 1, DIGEST).state());
    assertEquals(
        AdapterVersion.State.HELD,
        version("ink", 1, DIGEST).with(Optional.of(new AdapterContent(1, 1, 1))).state());
  }

  private static AdapterVersion version(String name, int number, String sha256) {
    return new AdapterVersion(
        1,
        name,
        number,
        "nano",
        sha256,
        Optional.empty(),
        Optional.empty(),
        Instant.EPOCH,
        Optional.empty());
  }

  private static <T> T valid(Validated<T> read) {
    return switch (read) {
      case Validated.Valid<T>(T value) -> value;
      case Validated.Invalid<T>(List<FieldProblem> problems) ->
          throw new AssertionError(problems.toString());
    };
  }

  private static <T> List<FieldProblem> problems(Validated<T> read) {
    return switch (read) {
      case Validated.Valid<T>(T value) -> throw new AssertionError("read as " + value);
      case Validated.Invalid<T>(List<FieldProblem> problems) -> problems;
    };
  }

  private static List<String> fields(List<FieldProblem> problems) {
    return problems.stream().map(FieldProblem::field).collect(Collectors.toList());
  }
}

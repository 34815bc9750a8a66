package dev.polyptych.schema.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogFileTest {
  private static final String TEMPLATE = "template: '{prompt} {panel1} {panel2}'";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"tiny, 10", "flux.1-dev, 10", "nano, 5"})
  void theBuiltInCatalogsHaveTheirTasksAndTheExamplesResolve(String name, int tasks) {
    Catalog catalog = CatalogFile.builtIn(name);

    assertEquals(tasks, catalog.tasks().size());
    assertEquals(name, catalog.model());
    JobResolver resolver = new JobResolver(catalog);
    for (Task task : catalog.tasks()) {
      var checked = resolver.resolve("j-1", request(task));
      assertEquals(Validated.Valid.class, checked.getClass(), checked::toString);
    }
  }

  @Test
  void aSheetAboveTheModelsLimitIsRefusedWithTheLimitAndOneThatWasAcceptedIsNot() {
    // Given
    Catalog catalog = CatalogFile.builtIn("nano");
    JobResolver resolver = new JobResolver(catalog);
    Task task = catalog.task("film-storyboard").orElseThrow();
    Layout most = new Layout(3, 1, 1024, 336);
    Layout more = new Layout(3, 1, 1056, 336);
    // When
    var within = resolver.resolve("j-1", request(task, most));
    var refused = resolver.resolve("j-1", request(task, more));
    var accepted = resolver.resolveAccepted("j-1", request(task, more));
    // Then
    assertEquals(Validated.Valid.class, within.getClass(), within::toString);
    assertEquals(Validated.Valid.class, accepted.getClass(), accepted::toString);
    String problem = refused.toString();
    assertTrue(problem.contains("field=layout"), problem);
    assertTrue(problem.contains("1056 x 1008 = 1064448 pixels"), problem);
    assertTrue(problem.contains("draws at most 1048576"), problem);
  }

  @Test
  void anUnknownKeyIsToldWithItsFile() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("c.yaml"), "v: 1\nmodel: m\nnote: n\ntasks: []\nextra: 1\n");

    var refused = assertThrows(UncheckedIOException.class, () -> CatalogFile.read(file));

    assertTrue(refused.getMessage().contains("extra"), refused::getMessage);
    assertTrue(refused.getMessage().contains("c.yaml"), refused::getMessage);
  }

  @Test
  void aTaskThatContradictsItselfIsNamed() throws IOException {
    Path file = catalog(task("pair", "pair", "template: '{prompt} {panel1}'"));

    var refused = assertThrows(UncheckedIOException.class, () -> CatalogFile.read(file));

    assertTrue(refused.getMessage().contains("pair: layout, template"), refused::getMessage);
  }

  @Test
  void routingMayBeLeftOutWholeOrInPart() throws IOException {
    Path file =
        catalog(
            task("free", "a", TEMPLATE)
                + task("pinned", "b", TEMPLATE, "routing: {pin: 3}")
                + task("wide", "c", TEMPLATE, "routing: {minimumWidth: 2}"));

    Catalog read = CatalogFile.read(file);

    assertEquals(Optional.empty(), read.task("free").orElseThrow().routing());
    assertEquals(
        Optional.of(new Task.Routing(Optional.of(3), Optional.empty())),
        read.task("pinned").orElseThrow().routing());
    assertEquals(
        Optional.of(new Task.Routing(Optional.empty(), Optional.of(2))),
        read.task("wide").orElseThrow().routing());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{pin: -1} | pair.routing.pin: must be the number of a partition, from 0, not -1",
        "{minimumWidth: 0} | pair.routing.minimumWidth: must be a number of workers, 1 or more",
        "{pim: 1} | pim",
        "{pin: first} | first",
      })
  void routingThatCanNotBeIsToldWithItsFieldAndRemedy(String routing, String told)
      throws IOException {
    Path file = catalog(task("pair", "pair", TEMPLATE, "routing: " + routing));

    var refused = assertThrows(UncheckedIOException.class, () -> CatalogFile.read(file));

    assertTrue(refused.getMessage().contains(told), refused::getMessage);
  }

  @Test
  void tasksOfOneAdapterAreRoutedAlike() throws IOException {
    Path file =
        catalog(task("one", "a", TEMPLATE) + task("two", "a", TEMPLATE, "routing: {pin: 1}"));

    var refused = assertThrows(UncheckedIOException.class, () -> CatalogFile.read(file));

    assertTrue(
        refused.getMessage().contains("two.routing: must be that of one"), refused::getMessage);
  }

  @Test
  void whatIsNotOptionalIsMissedByItsName() throws IOException {
    Path file = Files.writeString(folder.resolve("c.yaml"), "v: 1\nmodel: m\ntasks: []\n");

    var refused = assertThrows(UncheckedIOException.class, () -> CatalogFile.read(file));

    assertTrue(refused.getMessage().contains("'note'"), refused::getMessage);
  }

  @Test
  void theTokenEdgeOfTheModelRulesLayoutsAndCounts() throws IOException {
    String narrow = task("narrow", "narrow", TEMPLATE).replace("panelWidth: 64", "panelWidth: 24");
    Path usual = catalog(narrow);
    var refused = assertThrows(UncheckedIOException.class, () -> CatalogFile.read(usual));
    assertTrue(
        refused.getMessage().contains("narrow.layout.panelWidth: must be a multiple of 16 pixels"),
        refused::getMessage);

    String text = Files.readString(usual);
    Catalog eight = CatalogFile.read(edge(text, 8));

    assertEquals(8, eight.edge());
    Validated<RenderJob> resolved =
        new JobResolver(eight).resolve("j-1", request(eight.tasks().getFirst()));
    if (!(resolved instanceof Validated.Valid<RenderJob>(RenderJob job))) {
      throw new AssertionError(resolved);
    }
    assertEquals(2 * 24 / 8 * 64 / 8, job.tokens());
    assertEquals(16, CatalogFile.builtIn("nano").edge());
    for (int wrong : new int[] {0, 65}) {
      var told =
          assertThrows(UncheckedIOException.class, () -> CatalogFile.read(edge(text, wrong)));
      assertTrue(told.getMessage().contains("tokenEdge: must be 1 to 64"), told::getMessage);
    }
  }

  private Path edge(String text, int edge) throws IOException {
    return Files.writeString(
        folder.resolve("edge.yaml"),
        text.replace("note: n\n", "note: n\ntokenEdge: " + edge + "\n"));
  }

  @Test
  void aLayoutOfTheRequestIsHeldToTheModelsTokenEdge() {
    for (int edge : new int[] {8, 16, 32}) {
      assertEquals(List.of(), new Layout(1, 2, edge, 96).problems("layout", edge));
      String told = new Layout(1, 1, edge + 1, 96).problems("layout", edge).getFirst().detail();
      assertEquals(
          "must be a multiple of %d pixels from %d to 4096; %d is the nearest"
              .formatted(edge, edge, edge),
          told);
      assertEquals(2 * 96 / edge, new Layout(1, 2, edge, 96).tokens(edge));
    }
    assertEquals(1, new Layout(1, 1, 4104, 8).problems("layout", 8).size());
  }

  @Test
  void aCountedJobNoLongerSaysThatACutIsAcceptedButItsRepetitionDoes() {
    Task task = CatalogFile.builtIn("tiny").tasks().getFirst();
    JobRequest accepting = request(task).truncating(true);
    Validated<RenderJob> resolved =
        new JobResolver(CatalogFile.builtIn("tiny")).resolve("j-1", accepting);
    if (!(resolved instanceof Validated.Valid<RenderJob>(RenderJob job))) {
      throw new AssertionError(resolved);
    }

    RenderJob cut = job.counted(new TextReading(9, 8, 9, 77, List.of(1), List.of()));
    RenderJob whole = job.counted(new TextReading(8, 8, 9, 77, List.of(), List.of()));

    assertEquals(Optional.empty(), cut.request().scene().truncate());
    assertEquals(Optional.of(true), cut.repeated().scene().truncate());
    assertEquals(Optional.empty(), whole.repeated().scene().truncate());
    assertEquals(Optional.empty(), job.uncounted().request().scene().truncate());
  }

  private Path catalog(String tasks) throws IOException {
    return Files.writeString(folder.resolve("c.yaml"), "v: 1\nmodel: m\nnote: n\ntasks:\n" + tasks);
  }

  /**
   * @param more lines of the entry
   */
  private static String task(String id, String adapter, String... more) {
    return """
      - id: %s
        title: T
        adapter: %s
        layout: {rows: 1, columns: 2, panelWidth: 64, panelHeight: 64}
        defaults: {steps: 4, guidance: 3.5, adapterScale: 1.0}
        example: {prompt: p, panels: [a, b]}
        %s
    """
        .formatted(id, adapter, String.join("\n    ", more));
  }

  private static JobRequest request(Task task) {
    return request(task, task.layout());
  }

  private static JobRequest request(Task task, Layout layout) {
    return JobRequest.of(
        new JobRequest.Scene(task.id(), task.example().prompt(), task.example().panels()),
        new JobRequest.SamplingChoice(
            OptionalLong.of(1),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Optional.of(layout),
            Optional.empty()));
  }
}

package dev.polyptych.schema.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.Needs;
import dev.polyptych.schema.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReferenceMethodTest {
  private static final Catalog DEV = CatalogFile.builtIn("flux.1-dev");
  private static final Catalog FILL = CatalogFile.builtIn("flux.1-fill-dev");
  private static final String REFERENCE = "\"references\":[{\"panel\":1,\"key\":\"k\"}],";

  @Test
  void withoutAWordTheBaseDecides() {
    assertEquals(ReferenceMethod.SDEDIT, job(DEV, REFERENCE).reference());
    assertEquals(ReferenceMethod.CONDITION, job(FILL, REFERENCE).reference());
  }

  @Test
  void theTasksDefaultGoesBeforeTheBases() {
    Catalog clean = withDefault(FILL, ReferenceMethod.CLEAN);

    assertEquals(ReferenceMethod.CLEAN, job(clean, REFERENCE).reference());
  }

  @ParameterizedTest
  @EnumSource(ReferenceMethod.class)
  void theRequestsWordGoesFirst(ReferenceMethod method) {
    RenderJob job = job(FILL, REFERENCE + named(method.text()));

    assertEquals(Optional.of(method), job.pins().reference());
    assertEquals(Optional.of(method), job.repeated().basis().reference());
    // The version before refuses requests with fields that it does not know.
    assertEquals(Optional.empty(), job.request().basis().reference());
    assertEquals(Optional.of(method), ResolvedJob.of(job, Optional.empty()).reference());
  }

  @ParameterizedTest
  @CsvSource({
    "condition, true,  flux.1-dev was not; give sdedit or clean",
    "clean,     false, there are none; leave it out",
    "blend,     true,  'must be one of sdedit, clean, condition'"
  })
  void aMethodThatDoesNotFitIsRefused(String method, boolean references, String remedy) {
    FieldProblem problem = problem(DEV, (references ? REFERENCE : "") + named(method));

    assertEquals("reference", problem.field());
    assertTrue(problem.detail().endsWith(remedy), problem.detail());
  }

  @Test
  void aCatalogsTaskMayNotAskForWhatItsModelCanNot() {
    var refusal =
        assertThrows(
            IllegalArgumentException.class, () -> withDefault(DEV, ReferenceMethod.CONDITION));

    assertTrue(refusal.getMessage().contains("defaults.reference"), refusal.getMessage());
  }

  @Test
  void aJobOfTheVersionBeforeIsDrawnByMaskedSdedit() throws Exception {
    RenderJob job = job(FILL, REFERENCE);
    String pins = new String(Json.bytes(job.pins()), UTF_8);
    String before = pins.replace(",\"reference\":\"condition\"", "");

    assertFalse(before.equals(pins));
    Pins read = Json.mapper().readValue(before, Pins.class);
    assertEquals(ReferenceMethod.SDEDIT, new RenderJob("j", job.request(), read).reference());
  }

  @Test
  void aTaskWithoutDefaultMethodHasTheDigestItHad() {
    Task task = DEV.tasks().getFirst();

    assertFalse(new String(Json.bytes(task), UTF_8).contains("reference"));
    Task clean = withDefault(DEV, ReferenceMethod.CLEAN).tasks().getFirst();
    assertFalse(task.digest().equals(clean.digest()));
  }

  @Test
  void workersOfTheVersionBeforeGetJobsOfMaskedSdeditOnly() throws Exception {
    Abilities.Report older = Json.mapper().readValue("{}", Abilities.Report.class);
    Abilities can =
        new Abilities(
            Optional.empty(), Optional.empty(), Set.of(), false, Set.copyOf(older.references()));

    for (ReferenceMethod method : ReferenceMethod.values()) {
      assertEquals(method == ReferenceMethod.SDEDIT, can.draws(needs(method)));
      assertTrue(Abilities.UNKNOWN.draws(needs(method)));
    }
    assertTrue(can.draws(new Needs(Optional.empty(), "t", "a")));
  }

  @Test
  void aGuidanceScaleThatNothingReadsIsRefused() {
    Catalog schnell =
        new Catalog(
            Catalog.VERSION,
            "flux.1-schnell",
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(false),
            DEV.tasks());

    FieldProblem problem = problem(schnell, "\"guidance\":4,");

    assertEquals("guidance", problem.field());
    assertTrue(problem.detail().endsWith("leave it out"), problem.detail());
    RenderJob job = job(schnell, "");
    assertInstanceOf(
        Validated.Valid.class, new JobResolver(schnell).resolve("again", job.repeated()));
  }

  private static Needs needs(ReferenceMethod method) {
    return new Needs(Optional.empty(), "t", "a", Optional.of(method));
  }

  private static Catalog withDefault(Catalog catalog, ReferenceMethod method) {
    Task task = catalog.task("couple-profile").orElseThrow();
    Task.Defaults old = task.defaults();
    Task.Defaults defaults =
        new Task.Defaults(old.steps(), old.guidance(), old.adapterScale(), Optional.of(method));
    return catalog.withTasks(
        List.of(
            new Task(
                task.id(),
                task.title(),
                task.adapter(),
                task.layout(),
                task.template(),
                defaults,
                task.example(),
                task.routing())));
  }

  private static String named(String method) {
    return "\"reference\":\"" + method + "\",";
  }

  private static RenderJob job(Catalog catalog, String fields) {
    return switch (resolved(catalog, fields)) {
      case Validated.Valid<RenderJob>(RenderJob job) -> job;
      case Validated.Invalid<RenderJob>(var problems) -> throw new AssertionError(problems);
    };
  }

  private static FieldProblem problem(Catalog catalog, String fields) {
    return switch (resolved(catalog, fields)) {
      case Validated.Valid<RenderJob>(RenderJob job) -> throw new AssertionError(job);
      case Validated.Invalid<RenderJob>(var problems) -> problems.getFirst();
    };
  }

  private static Validated<RenderJob> resolved(Catalog catalog, String fields) {
    String json =
        "{"
            + fields
            + "\"task\":\"couple-profile\",\"prompt\":\"p\",\"panels\":[\"a\",\"b\"],\"seed\":1}";
    return JobRequestReader.read(json.getBytes(UTF_8))
        .then(request -> new JobResolver(catalog).resolve("j", request));
  }
}

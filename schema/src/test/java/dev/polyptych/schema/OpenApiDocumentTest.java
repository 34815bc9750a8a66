package dev.polyptych.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Limit;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.schema.fleet.PlacementReport;
import dev.polyptych.schema.fleet.RouteReason;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.fleet.WorkerLoad;
import dev.polyptych.schema.job.BatchCancellation;
import dev.polyptych.schema.job.BatchFailure;
import dev.polyptych.schema.job.BatchLinks;
import dev.polyptych.schema.job.BatchSummary;
import dev.polyptych.schema.job.BatchTally;
import dev.polyptych.schema.job.BatchVerdict;
import dev.polyptych.schema.job.Callback;
import dev.polyptych.schema.job.CallbackPage;
import dev.polyptych.schema.job.CallbackState;
import dev.polyptych.schema.job.CallbackUrl;
import dev.polyptych.schema.job.Deadline;
import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.schema.job.JobCounts;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobEstimate;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobPage;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.Outcome;
import dev.polyptych.schema.job.Reason;
import dev.polyptych.schema.job.Receipt;
import dev.polyptych.schema.job.ResolvedJob;
import dev.polyptych.schema.job.Sampling;
import dev.polyptych.schema.job.WhyReport;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.registry.AdapterContent;
import dev.polyptych.schema.registry.AdapterVersion;
import dev.polyptych.schema.registry.BaseDeclaration;
import dev.polyptych.schema.registry.BaseVersion;
import dev.polyptych.schema.registry.ScaledAdapter;
import dev.polyptych.schema.registry.TaskVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code openapi.yaml} and the records say the same. */
class OpenApiDocumentTest {
  private static final JsonNode DOCUMENT = read();

  /** Later versions may add values, so generated clients must take any text. */
  private static final String OPEN_ENUM = "x-extensible-enum";

  /** Classes that generated clients have of their own or import. */
  private static final Set<String> TAKEN =
      Set.of(
          "ApiClient",
          "ApiException",
          "ApiResponse",
          "BaseAPI",
          "BaseModel",
          "Client",
          "Configuration",
          "Context",
          "Error",
          "Exception",
          "Field",
          "File",
          "List",
          "Model",
          "Object",
          "Pair",
          "Request",
          "Response",
          "Server",
          "Set",
          "String",
          "Time");

  static List<Class<?>> records() {
    return List.of(
        AdapterTiers.class,
        AdapterContent.class,
        AdapterVersion.class,
        BaseDeclaration.class,
        BaseVersion.class,
        BatchCancellation.class,
        BatchFailure.class,
        BatchLinks.class,
        BatchSummary.class,
        BatchTally.class,
        BatchVerdict.class,
        Callback.class,
        CallbackPage.class,
        Catalog.class,
        Deadline.class,
        FieldProblem.class,
        JobCounts.class,
        JobError.class,
        JobEstimate.class,
        JobEvent.class,
        JobPage.class,
        JobRequest.class,
        JobStatus.class,
        Layout.class,
        LimitHit.class,
        Outcome.class,
        PlacementReport.class,
        PlacementReport.NextSpot.class,
        PlacementReport.Spot.class,
        Problem.class,
        Receipt.class,
        Receipt.AdapterFile.class,
        Receipt.ModelUsed.class,
        Receipt.CatalogEntry.class,
        Receipt.EngineUsed.class,
        Receipt.NoiseSchedule.class,
        Receipt.StepCacheUsed.class,
        ResolvedJob.class,
        Sampling.class,
        SwapCosts.class,
        ScaledAdapter.class,
        Task.class,
        Task.Defaults.class,
        Task.Example.class,
        Task.Routing.class,
        TaskVersion.class,
        JobStatus.Times.class,
        WhyReport.class,
        WorkerHeartbeat.class,
        WorkerLoad.class);
  }

  static List<Class<? extends Enum<?>>> enums() {
    return List.of(
        CallbackState.class,
        ErrorCode.class,
        ImageFormat.class,
        JobState.class,
        Lane.class,
        Limit.class,
        ReferenceMethod.class,
        RouteReason.class,
        Tier.class);
  }

  @ParameterizedTest
  @MethodSource("records")
  void aRecordHasTheFieldsOfItsSchema(Class<?> type) {
    Set<String> described = names(schema(type).path("properties"));

    assertEquals(
        components(type)
            .filter(component -> !component.getAccessor().isAnnotationPresent(JsonIgnore.class))
            .map(OpenApiDocumentTest::written)
            .collect(Collectors.toCollection(TreeSet::new)),
        described);
  }

  /** With those of the parts that the JSON holds flat. */
  private static Stream<RecordComponent> components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .flatMap(
            component ->
                component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                    ? components(component.getType())
                    : Stream.of(component));
  }

  @ParameterizedTest
  @MethodSource("records")
  void whatIsRequiredIsDescribed(Class<?> type) {
    Set<String> described = names(schema(type).path("properties"));

    schema(type)
        .path("required")
        .forEach(name -> assertTrue(described.contains(name.textValue()), name::toString));
  }

  @Test
  void theMembersOfReasonsAreThoseDescribedAndTheirCodesAreNamed() {
    JsonNode schema = schema(Reason.class);
    Set<String> members = new TreeSet<>(Set.of("code", "text"));
    for (Class<?> kind : Reason.class.getPermittedSubclasses()) {
      Stream.of(kind.getRecordComponents()).forEach(member -> members.add(member.getName()));
    }

    assertEquals(members, names(schema.path("properties")));
    for (JsonSubTypes.Type type : Reason.class.getAnnotation(JsonSubTypes.class).value()) {
      assertTrue(schema.path("description").textValue().contains(type.name() + ": "), type::name);
    }
  }

  @ParameterizedTest
  @MethodSource("enums")
  void anEnumHasTheConstantsOfItsSchema(Class<? extends Enum<?>> type) {
    JsonNode schema = schema(type);
    List<String> described =
        schema
            .path(schema.has("enum") ? "enum" : OPEN_ENUM)
            .valueStream()
            .map(JsonNode::textValue)
            .toList();

    assertEquals(
        Arrays.stream(type.getEnumConstants())
            .map(constant -> Json.mapper().<JsonNode>valueToTree(constant).textValue())
            .toList(),
        described);
  }

  @Test
  void theLimitsOfAJobAreThoseThatAreChecked() {
    JsonNode job = schema(JobRequest.class).path("properties");

    assertEquals(JobRequestReader.MAX_PROMPT, job.path("prompt").path("maxLength").intValue());
    assertEquals(
        JobRequestReader.MAX_PANEL_TEXT,
        job.path("panels").path("items").path("maxLength").intValue());
    assertEquals(CallbackUrl.LONGEST, job.path("callbackUrl").path("maxLength").intValue());
    assertEquals(JobRequestReader.MAX_SEED, job.path("seed").path("maximum").longValue());
  }

  @Test
  void everyOperationHasAnIdOfItsOwnAndSoHasTheCallback() {
    List<String> ids = DOCUMENT.path("paths").findValuesAsText("operationId");
    long callbacks = DOCUMENT.path("paths").findValues("callbacks").size();

    assertEquals(ids.size(), Set.copyOf(ids).size());
    assertEquals(
        ids.size(),
        callbacks
            + DOCUMENT
                .path("paths")
                .valueStream()
                .mapToLong(OpenApiDocumentTest::operations)
                .sum());
  }

  @Test
  void noTwoComponentsShareANameAndNoneHasThatOfAGeneratorsClass() {
    List<String> names =
        DOCUMENT.path("components").valueStream().flatMap(kind -> names(kind).stream()).toList();

    assertEquals(List.of(), names.stream().filter(TAKEN::contains).toList());
    assertEquals(names.size(), Set.copyOf(names).size());
  }

  /** Generators make one type of a text and a class, with a name of their own, of an object. */
  @Test
  void everyBodyHasASchemaThatIsATextOrHasAName() {
    for (JsonNode content : DOCUMENT.findValues("content")) {
      for (JsonNode schema : content.findValues("schema")) {
        assertTrue(
            schema.has("$ref") || schema.path("type").asText().equals("string"), schema::toString);
      }
    }
  }

  /** Some generators give two enums of one value the same constant. */
  @Test
  void noTwoEnumsShareAValue() {
    List<String> values =
        DOCUMENT
            .path("components")
            .path("schemas")
            .valueStream()
            .flatMap(schema -> schema.path("enum").valueStream())
            .map(JsonNode::textValue)
            .toList();

    assertEquals(values.size(), Set.copyOf(values).size());
  }

  /** Without a format, generators take 32 bits. */
  @Test
  void integersBeyond32BitsAndNumbersSaySo() {
    for (JsonNode schema : DOCUMENT.findParents("type")) {
      String type = schema.path("type").toString();
      if (type.contains("\"number\"")) {
        assertEquals("double", schema.path("format").asText(), schema::toString);
      } else if (schema.path("maximum").asLong() > Integer.MAX_VALUE) {
        assertEquals("int64", schema.path("format").asText(), schema::toString);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"storyboard", "everything"})
  void theExamplesOfJobsAreValid(String name) {
    JsonNode example =
        DOCUMENT.at(
            "/paths/~1v1~1jobs/post/requestBody/content/application~1json/examples/" + name);

    var checked = JobRequestReader.read(example.path("value"));

    assertEquals("Valid", checked.getClass().getSimpleName(), checked::toString);
  }

  @Test
  void theExamplesOfProblemsAreWhatTheirCodesSay() throws IOException {
    for (JsonNode value : DOCUMENT.findValues("value")) {
      if (value.has("code")) {
        Problem problem = Json.mapper().treeToValue(value, Problem.class);
        assertEquals(problem.code().status(), problem.status());
        assertEquals(problem.code().type(), problem.type());
        assertEquals(problem.code().title(), problem.title());
      }
    }
  }

  private static long operations(JsonNode path) {
    return Stream.of("get", "put", "post", "delete", "patch").filter(path::has).count();
  }

  private static JsonNode schema(Class<?> type) {
    JsonNode schema = DOCUMENT.path("components").path("schemas").path(type.getSimpleName());
    assertTrue(schema.isObject(), () -> "no schema " + type.getSimpleName());
    return schema;
  }

  private static String written(RecordComponent component) {
    JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
    return renamed == null || renamed.value().isEmpty() ? component.getName() : renamed.value();
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode read() {
    try (InputStream yaml =
        ErrorCode.class.getResourceAsStream("/dev/polyptych/schema/openapi.yaml")) {
      return new YAMLMapper().readTree(yaml);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}

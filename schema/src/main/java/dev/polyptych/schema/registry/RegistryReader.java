package dev.polyptych.schema.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.PromptTemplate;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.json.FieldReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads what people declare, in YAML or JSON, strictly: it reports every unknown, missing, mistyped
 * or out-of-range field, all in one pass.
 */
public final class RegistryReader {
  private static final int MAX_DEPTH = 32;
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_TITLE = 200;
  private static final int LONGEST_NOTE = 8_000;
  private static final int LONGEST_SOURCE = 2_000;
  private static final int LONGEST_DIGEST = 64;

  /** As in a job's request. */
  private static final int LONGEST_PROMPT = 4_000;

  private static final int LONGEST_PANEL_TEXT = 2_000;
  private static final int LARGEST_EDGE = 64;
  private static final int MOST_PARTITIONS = 10_000;

  private static final YAMLMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
              .build());

  private RegistryReader() {}

  /** Reads the declaration of a base. */
  public static Validated<BaseDeclaration> base(byte[] document) {
    return read(document, RegistryReader::base);
  }

  /** Reads a task. Whether it fits its base says {@link TaskDraft#problems}. */
  public static Validated<TaskDraft> task(byte[] document) {
    return read(document, (fields, problems) -> task(fields, problems, Optional.empty()));
  }

  /** As {@link #task(byte[])}, for a base that the document may leave out. */
  public static Validated<TaskDraft> task(byte[] document, String usualBase) {
    return read(document, (fields, problems) -> task(fields, problems, Optional.of(usualBase)));
  }

  /** Reads where an adapter's bytes are to be fetched from. */
  public static Validated<AdapterDraft> adapter(byte[] document) {
    return read(document, (fields, problems) -> adapter(fields, problems, Optional.empty()));
  }

  /** As {@link #adapter(byte[])}, for a base that the document may leave out. */
  public static Validated<AdapterDraft> adapter(byte[] document, String usualBase) {
    return read(document, (fields, problems) -> adapter(fields, problems, Optional.of(usualBase)));
  }

  /**
   * The field {@code adapters} of a task or job: up to four objects {@code {"name": …, "scale":
   * 1}}. Empty if it is absent.
   */
  public static Optional<List<ScaledAdapter>> adapters(
      FieldReader fields, List<FieldProblem> problems) {
    Optional<List<FieldReader>> objects = fields.optionalObjects("adapters", ScaledAdapter.MOST);
    if (objects.isEmpty()) {
      return Optional.empty();
    }
    List<ScaledAdapter> uses = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < objects.get().size(); i++) {
      FieldReader inner = objects.get().get(i);
      inner.refuseUnknown(List.of("name", "scale"));
      String name = inner.text("name", LONGEST_NAME + LONGEST_DIGEST);
      double scale =
          inner
              .number("scale", -ScaledAdapter.LARGEST_SCALE, ScaledAdapter.LARGEST_SCALE)
              .orElse(1.0);
      if (!name.isBlank() && !names.add(name)) {
        inner.invalid("name", "stands twice; give it once, with one scale");
      } else if (!name.isBlank()) {
        reference("adapters[" + i + "].name", name, problems)
            .ifPresent(reference -> uses.add(new ScaledAdapter(reference, scale)));
      }
    }
    return Optional.of(List.copyOf(uses));
  }

  private static Optional<AdapterReference> reference(
      String field, String text, List<FieldProblem> problems) {
    return switch (AdapterReference.parse(field, text)) {
      case Validated.Valid<AdapterReference>(AdapterReference reference) -> Optional.of(reference);
      case Validated.Invalid<AdapterReference>(List<FieldProblem> wrong) -> {
        problems.addAll(wrong);
        yield Optional.empty();
      }
    };
  }

  private interface Reading<T> {
    /** May return anything if it notes a problem. */
    Optional<T> read(FieldReader fields, List<FieldProblem> problems);
  }

  private static <T> Validated<T> read(byte[] document, Reading<T> reading) {
    try {
      JsonNode root = YAML.readTree(document);
      if (root == null || root instanceof MissingNode || !root.isObject()) {
        return malformed("the document must be one object");
      }
      List<FieldProblem> problems = new ArrayList<>();
      Optional<T> value = reading.read(new FieldReader(root, "", problems), problems);
      return problems.isEmpty()
          ? new Validated.Valid<>(value.orElseThrow())
          : new Validated.Invalid<>(problems);
    } catch (JsonProcessingException wrong) {
      var at = wrong.getLocation();
      String place =
          at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
      return malformed(wrong.getOriginalMessage() + place);
    } catch (IOException impossible) {
      throw new IllegalStateException("reading from memory failed", impossible);
    }
  }

  private static <T> Validated<T> malformed(String detail) {
    return new Validated.Invalid<>(List.of(new FieldProblem(ErrorCode.MALFORMED_JSON, "", detail)));
  }

  private static Optional<BaseDeclaration> base(FieldReader fields, List<FieldProblem> problems) {
    fields.refuseUnknown(
        List.of(
            "v",
            "id",
            "note",
            "largestSheetPixels",
            "tokenEdge",
            "weights",
            "partitions",
            "transformer"));
    fields.integer("v", 1, 1);
    String id = name(fields, "id");
    String note = fields.text("note", LONGEST_NOTE);
    Optional<Integer> largest =
        fields.integer("largestSheetPixels", 1, Integer.MAX_VALUE).map(Long::intValue);
    Optional<Integer> edge = fields.integer("tokenEdge", 1, LARGEST_EDGE).map(Long::intValue);
    List<String> weights =
        fields.has("weights") ? fields.texts("weights", LONGEST_DIGEST) : List.of();
    for (int i = 0; i < weights.size(); i++) {
      if (!weights.get(i).isBlank() && !RegistryName.isSha256(weights.get(i))) {
        fields.invalid("weights[" + i + "]", "must be 64 lower-case hexadecimal digits");
      }
    }
    Optional<Integer> partitions =
        fields.integer("partitions", 1, MOST_PARTITIONS).map(Long::intValue);
    Optional<JsonNode> transformer = fields.tree("transformer");
    return when(
        problems,
        () -> new BaseDeclaration(id, note, largest, edge, weights, partitions, transformer));
  }

  private static Optional<TaskDraft> task(
      FieldReader fields, List<FieldProblem> problems, Optional<String> usualBase) {
    fields.refuseUnknown(
        List.of(
            "v",
            "base",
            "id",
            "title",
            "adapter",
            "adapters",
            "layout",
            "template",
            "defaults",
            "example",
            "routing"));
    fields.integer("v", 1, 1);
    String base = base(fields, usualBase);
    String id = name(fields, "id");
    String title = fields.text("title", LONGEST_TITLE);
    Optional<List<ScaledAdapter>> adapters = adapters(fields, problems);
    String adapter = ownAdapter(fields, adapters);
    Optional<Layout> layout = required(fields, "layout", RegistryReader::layout);
    Optional<PromptTemplate> template = template(fields);
    Optional<Task.Defaults> defaults = required(fields, "defaults", RegistryReader::defaults);
    Optional<Task.Example> example = required(fields, "example", RegistryReader::example);
    Optional<Task.Routing> routing = fields.object("routing").map(RegistryReader::routing);
    if (layout.isPresent() && template.isPresent() && example.isPresent()) {
      int panels = layout.get().panels();
      check(fields, "template", panels, template.get().panels());
      check(fields, "example.panels", panels, example.get().panels().size());
    }
    return when(
        problems,
        () ->
            new TaskDraft(
                base,
                new Task(
                    id,
                    title,
                    adapter,
                    layout.orElseThrow(),
                    template.orElseThrow(),
                    defaults.orElseThrow(),
                    example.orElseThrow(),
                    routing),
                adapters));
  }

  /** The first of the adapters stands for the task's own where there is none. */
  private static String ownAdapter(FieldReader fields, Optional<List<ScaledAdapter>> adapters) {
    if (adapters.isPresent() && !fields.has("adapter")) {
      return adapters.get().stream()
          .findFirst()
          .map(use -> use.reference().name().orElseGet(use.reference()::toString))
          .orElse("");
    }
    return name(fields, "adapter");
  }

  private static void check(FieldReader fields, String field, int panels, int found) {
    if (found != panels) {
      fields.invalid(
          field, "has %d panel texts, but the layout has %d panels".formatted(found, panels));
    }
  }

  private static Optional<PromptTemplate> template(FieldReader fields) {
    String text = fields.text("template", LONGEST_PROMPT);
    try {
      return text.isBlank() ? Optional.empty() : Optional.of(new PromptTemplate(text));
    } catch (IllegalArgumentException incomplete) {
      fields.invalid("template", "must hold {prompt} and {panel1}, {panel2}, … once each");
      return Optional.empty();
    }
  }

  private static Layout layout(FieldReader fields) {
    fields.refuseUnknown(List.of("rows", "columns", "panelWidth", "panelHeight"));
    return new Layout(
        fields.requiredInteger("rows", 1, 8),
        fields.requiredInteger("columns", 1, 8),
        fields.requiredInteger("panelWidth", 1, 4096),
        fields.requiredInteger("panelHeight", 1, 4096));
  }

  private static Task.Defaults defaults(FieldReader fields) {
    fields.refuseUnknown(List.of("steps", "guidance", "adapterScale", "reference"));
    return new Task.Defaults(
        fields.requiredInteger("steps", 1, 100),
        fields.number("guidance", 0, 30).orElse(1.0),
        fields
            .number("adapterScale", -ScaledAdapter.LARGEST_SCALE, ScaledAdapter.LARGEST_SCALE)
            .orElse(1.0),
        fields.constant("reference", ReferenceMethod.values()));
  }

  private static Task.Example example(FieldReader fields) {
    fields.refuseUnknown(List.of("prompt", "panels"));
    return new Task.Example(
        fields.text("prompt", LONGEST_PROMPT), fields.texts("panels", LONGEST_PANEL_TEXT));
  }

  private static Task.Routing routing(FieldReader fields) {
    fields.refuseUnknown(List.of("pin", "minimumWidth"));
    return new Task.Routing(
        fields.integer("pin", 0, MOST_PARTITIONS - 1).map(Long::intValue),
        fields.integer("minimumWidth", 1, MOST_PARTITIONS).map(Long::intValue));
  }

  private static Optional<AdapterDraft> adapter(
      FieldReader fields, List<FieldProblem> problems, Optional<String> usualBase) {
    fields.refuseUnknown(List.of("base", "source", "sha256"));
    String base = base(fields, usualBase);
    String source = fields.text("source", LONGEST_SOURCE);
    Optional<String> sha256 = fields.optionalText("sha256");
    if (sha256.filter(text -> !RegistryName.isSha256(text)).isPresent()) {
      fields.invalid("sha256", "must be 64 lower-case hexadecimal digits");
    }
    return when(problems, () -> new AdapterDraft(base, source, sha256));
  }

  private static String base(FieldReader fields, Optional<String> usual) {
    return usual.filter(id -> !fields.has("base")).orElseGet(() -> name(fields, "base"));
  }

  private static String name(FieldReader fields, String field) {
    String text = fields.text(field, LONGEST_NAME);
    if (!text.isBlank() && text.length() <= LONGEST_NAME && !RegistryName.valid(text)) {
      fields.invalid(field, RegistryName.RULE);
    }
    return text;
  }

  private static <T> Optional<T> required(
      FieldReader fields, String field, Function<FieldReader, T> read) {
    Optional<FieldReader> inner = fields.object(field);
    if (!fields.has(field)) {
      fields.invalid(field, "is missing; give an object");
    }
    return inner.map(read);
  }

  private static <T> Optional<T> when(List<FieldProblem> problems, Supplier<T> value) {
    return problems.isEmpty() ? Optional.of(value.get()) : Optional.empty();
  }
}

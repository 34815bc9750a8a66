package dev.polyptych.dispatcher.registry;

import dev.polyptych.dispatcher.source.AdapterSources;
import dev.polyptych.dispatcher.source.Fetched;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.registry.AdapterContent;
import dev.polyptych.schema.registry.AdapterDraft;
import dev.polyptych.schema.registry.AdapterReference;
import dev.polyptych.schema.registry.AdapterVersion;
import dev.polyptych.schema.registry.BaseDeclaration;
import dev.polyptych.schema.registry.BaseVersion;
import dev.polyptych.schema.registry.ScaledAdapter;
import dev.polyptych.schema.registry.TaskDraft;
import dev.polyptych.schema.registry.TaskVersion;
import dev.polyptych.store.registry.AdapterUpload;
import dev.polyptych.store.registry.Registry;
import dev.polyptych.store.registry.RegistryView;
import dev.polyptych.store.registry.RegistryWriter;
import dev.polyptych.weights.lora.AdapterException;
import dev.polyptych.weights.lora.AdapterFacts;
import dev.polyptych.weights.lora.AdapterReader;
import dev.polyptych.weights.model.TransformerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Registers bases, adapters and tasks after it has checked them. Any thread; blocks. */
public final class Registrations {
  private final Catalog builtIn;
  private final Registry registry;
  private final RegistryWriter writer;
  private final AdapterSources sources;

  public Registrations(
      Bases bases, Registry registry, RegistryWriter writer, AdapterSources sources) {
    this.builtIn = bases.own();
    this.registry = registry;
    this.writer = writer;
    this.sources = sources;
  }

  /** The registry now. */
  public RegistryView view() {
    return registry.view();
  }

  /** Id of the base of what names none. */
  public String usualBase() {
    return builtIn.model();
  }

  /**
   * Registers an adapter whose bytes were uploaded.
   *
   * @param owner empty for all tenants
   * @param file the caller deletes it
   */
  public Registration<AdapterVersion> adapter(
      String name, Optional<String> owner, String base, Path file) {
    return checked(name, owner, base, file, Optional.empty());
  }

  /**
   * Fetches an adapter from its source and registers it.
   *
   * @param owner empty for all tenants
   * @throws IOException if this machine takes no temporary file
   */
  public Registration<AdapterVersion> adapter(
      String name, Optional<String> owner, AdapterDraft draft)
      throws IOException, InterruptedException {
    if (declared(draft.base()).isEmpty()) {
      return unknownBase(draft.base());
    }
    return switch (sources.fetch(draft.source(), draft.sha256())) {
      case Fetched.Refused(FieldProblem problem) -> refused(Problem.of(List.of(problem)));
      case Fetched.Unavailable(FieldProblem problem) ->
          refused(
              Problem.of(ErrorCode.SOURCE_UNAVAILABLE, problem.field() + " " + problem.detail()));
      case Fetched.File(Path file, var _, var _) -> {
        try {
          yield checked(name, owner, draft.base(), file, Optional.of(draft.source()));
        } finally {
          Files.deleteIfExists(file);
        }
      }
    };
  }

  private Registration<AdapterVersion> checked(
      String name, Optional<String> owner, String base, Path file, Optional<String> source) {
    Optional<BaseDeclaration> declared = declared(base);
    if (declared.isEmpty()) {
      return unknownBase(base);
    }
    try {
      AdapterFacts facts = check(declared.get(), file);
      AdapterContent content = new AdapterContent(facts.bytes(), facts.rank(), facts.modules());
      return new Registration.Done<>(
          writer.addAdapter(
              new AdapterUpload(name, owner, base, file, facts.sha256(), content, source)));
    } catch (AdapterException unfit) {
      return refused(Problem.of(ErrorCode.INVALID_ADAPTER, unfit.problemOf(file)));
    }
  }

  private static AdapterFacts check(BaseDeclaration base, Path file) {
    return base.transformer()
        .map(json -> TransformerConfig.of("transformer of base " + base.id(), json))
        .map(config -> new AdapterReader(config).check(file))
        .orElseGet(() -> AdapterReader.checkForAnyModel(file));
  }

  /**
   * Registers a task.
   *
   * @param owner empty for all tenants
   */
  public Registration<TaskVersion> task(TaskDraft draft, Optional<String> owner) {
    Optional<BaseDeclaration> base = declared(draft.base());
    if (base.isEmpty()) {
      return unknownBase(draft.base());
    }
    List<FieldProblem> problems = new ArrayList<>(draft.problems(base.get()));
    if (draft.task().routing().isPresent()) {
      problems.add(
          FieldProblem.invalid(
              "routing", "is for the catalogs of dispatchers; leave it out of a registered task"));
    }
    if (draft.adapters().isEmpty()) {
      AdapterReference own = AdapterReference.newest(draft.task().adapter());
      unknown(draft, owner, own, "adapter").ifPresent(problems::add);
    }
    List<ScaledAdapter> uses = draft.adapters().orElse(List.of());
    for (int i = 0; i < uses.size(); i++) {
      unknown(draft, owner, uses.get(i).reference(), "adapters[" + i + "].name")
          .ifPresent(problems::add);
    }
    return problems.isEmpty()
        ? new Registration.Done<>(writer.putTask(draft, owner))
        : refused(Problem.of(problems));
  }

  private Optional<FieldProblem> unknown(
      TaskDraft draft, Optional<String> owner, AdapterReference reference, String field) {
    boolean known =
        builtInAdapter(draft, reference)
            || view().adapter(owner, reference, draft.base()).isPresent();
    return known
        ? Optional.empty()
        : Optional.of(
            new FieldProblem(
                ErrorCode.UNKNOWN_ADAPTER,
                field,
                "there is no adapter '%s' of base %s; register it first"
                    .formatted(reference, draft.base())));
  }

  /** Whether an adapter is one of the catalog's, which workers find by its name. */
  private boolean builtInAdapter(TaskDraft draft, AdapterReference reference) {
    return draft.base().equals(builtIn.model())
        && builtIn.tasks().stream().anyMatch(task -> task.adapter().equals(reference.toString()));
  }

  /** Declares a base. */
  public BaseVersion base(BaseDeclaration declaration) {
    return writer.putBase(declaration);
  }

  /** Hides a base; see {@link RegistryWriter#removeBase}. */
  public List<BaseVersion> removeBase(String id) {
    return writer.removeBase(id);
  }

  /** Hides versions of an adapter; see {@link RegistryWriter#removeAdapter}. */
  public List<AdapterVersion> removeAdapter(
      Optional<String> owner, String name, OptionalInt number) {
    return writer.removeAdapter(owner, name, number);
  }

  /** Hides versions of a task; see {@link RegistryWriter#removeTask}. */
  public List<TaskVersion> removeTask(Optional<String> owner, String id, OptionalInt number) {
    return writer.removeTask(owner, id, number);
  }

  /** All bases: the declared ones, and the catalog's if nobody has declared it. */
  public List<BaseVersion> bases() {
    return view().bases();
  }

  /** A base: as declared, as it comes with Polyptych, or as far as the catalog tells. */
  private Optional<BaseDeclaration> declared(String id) {
    Optional<BaseDeclaration> known = view().base(id).map(BaseVersion::base);
    if (known.isPresent()) {
      return known;
    }
    if (BaseDeclaration.BUILT_IN.contains(id)) {
      return Optional.of(BaseDeclaration.builtIn(id));
    }
    return Optional.of(builtIn)
        .filter(catalog -> catalog.model().equals(id))
        .map(
            catalog ->
                new BaseDeclaration(
                    id,
                    catalog.note(),
                    catalog.largestSheetPixels(),
                    catalog.tokenEdge(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty()));
  }

  private static <T> Registration<T> unknownBase(String id) {
    return refused(
        Problem.of(
            List.of(
                FieldProblem.invalid(
                    "base", "there is no base '" + id + "'; PUT /v1/bases/{base} declares one"))));
  }

  private static <T> Registration<T> refused(Problem problem) {
    return new Registration.Refused<>(problem);
  }
}

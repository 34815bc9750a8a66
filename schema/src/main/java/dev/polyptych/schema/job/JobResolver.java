package dev.polyptych.schema.job;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.json.DidYouMean;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Resolves a request against the tasks that are offered. Fills missing fields with defaults and
 * refuses values that do not fit.
 */
public final class JobResolver {
  private final Map<String, OfferedTask> offered = new LinkedHashMap<>();

  /** Offers the tasks and adapters of a catalog. */
  public JobResolver(Catalog catalog) {
    this(OfferedTask.of(catalog));
  }

  /**
   * @param offered of any number of bases, with different ids
   */
  public JobResolver(Collection<OfferedTask> offered) {
    offered.forEach(task -> this.offered.put(task.task().id(), task));
  }

  /**
   * @param request has its final seed
   */
  public Validated<RenderJob> resolve(String id, JobRequest request) {
    return resolve(id, request, true);
  }

  /**
   * Resolves a request that a dispatcher accepted. Its sheet may be larger than the catalog's limit
   * here.
   *
   * @param request has its final seed
   */
  public Validated<RenderJob> resolveAccepted(String id, JobRequest request) {
    return resolve(id, request, false);
  }

  private Validated<RenderJob> resolve(String id, JobRequest request, boolean limited) {
    OfferedTask found = offered.get(request.task());
    if (found == null) {
      return new Validated.Invalid<>(List.of(unknownTask(request.task())));
    }
    Task task = found.task();
    List<FieldProblem> problems = new ArrayList<>();
    Layout layout = request.layout().orElse(task.layout());
    checkLayout(layout, found.base().edge(), task, problems);
    if (limited && problems.isEmpty()) {
      found.base().sheetProblem(layout, "layout").ifPresent(problems::add);
    }
    checkPanels(request, task, problems);
    checkReferences(request, layout, problems);
    checkMethod(request, found, problems);
    checkGuidance(request, found, problems);
    List<PinnedAdapter> pinned = adapters(request, found, problems);
    if (!problems.isEmpty()) {
      return new Validated.Invalid<>(problems);
    }
    // The pins hold the method. Processes of the version before refuse a request that names one.
    JobRequest kept = request.steering(Optional.empty());
    return new Validated.Valid<>(new RenderJob(id, kept, pins(request, found, layout, pinned)));
  }

  /** The request's adapters, or the task's. */
  private static List<PinnedAdapter> adapters(
      JobRequest request, OfferedTask task, List<FieldProblem> problems) {
    JobRequest.SamplingChoice wanted = request.sampling();
    if (wanted.adapters().isEmpty()) {
      List<PinnedAdapter> own = found(task.adapters().of(task.task()), problems).orElse(List.of());
      return wanted.adapterScale().isEmpty() || own.isEmpty()
          ? own
          : scaled(own, wanted.adapterScale().getAsDouble());
    }
    List<PinnedAdapter> pinned = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < wanted.adapters().get().size(); i++) {
      String field = "adapters[" + i + "].name";
      Optional<PinnedAdapter> found =
          found(task.adapters().find(wanted.adapters().get().get(i), field), problems);
      if (found.filter(adapter -> !ids.add(adapter.id())).isPresent()) {
        problems.add(
            FieldProblem.invalid(
                field, "is the same as one before it; give it once, with one scale"));
      }
      found.ifPresent(pinned::add);
    }
    return pinned;
  }

  /** Another strength for the first, which is the task's own. */
  private static List<PinnedAdapter> scaled(List<PinnedAdapter> own, double scale) {
    List<PinnedAdapter> scaled = new ArrayList<>(own);
    scaled.set(0, own.getFirst().at(scale));
    return scaled;
  }

  private static <T> Optional<T> found(Validated<T> looked, List<FieldProblem> problems) {
    return switch (looked) {
      case Validated.Valid<T>(T value) -> Optional.of(value);
      case Validated.Invalid<T>(var wrong) -> {
        problems.addAll(wrong);
        yield Optional.empty();
      }
    };
  }

  private static Pins pins(
      JobRequest request, OfferedTask task, Layout layout, List<PinnedAdapter> pinned) {
    Task.Defaults defaults = task.task().defaults();
    JobRequest.SamplingChoice wanted = request.sampling();
    return new Pins(
        task.base().model(),
        task.digest(),
        pinned,
        task.task().template().composed(request.prompt(), request.panels()),
        layout,
        layout.tokens(task.base().edge()),
        new Sampling(
            wanted.steps().orElse(defaults.steps()),
            wanted.guidance().orElse(defaults.guidance()),
            pinned.isEmpty() ? 1 : pinned.getFirst().scale(),
            wanted.seed().orElseThrow()),
        Optional.empty(),
        request.references().isEmpty() ? Optional.empty() : Optional.of(method(request, task)));
  }

  private static ReferenceMethod method(JobRequest request, OfferedTask task) {
    return request
        .basis()
        .reference()
        .orElseGet(() -> task.task().defaults().reference(task.base().conditions()));
  }

  private static void checkMethod(
      JobRequest request, OfferedTask task, List<FieldProblem> problems) {
    ReferenceMethod method = method(request, task);
    if (request.basis().reference().isPresent() && request.references().isEmpty()) {
      problems.add(
          FieldProblem.invalid(
              "reference", "tells how references are used, and there are none; leave it out"));
    } else if (method == ReferenceMethod.CONDITION && !task.base().conditions()) {
      problems.add(method.unknownTo(task.base().model(), "reference"));
    }
  }

  /** A scale other than the task's would change nothing. */
  private static void checkGuidance(
      JobRequest request, OfferedTask task, List<FieldProblem> problems) {
    OptionalDouble wanted = request.sampling().guidance();
    boolean unread = !task.base().guided().orElse(true);
    if (unread && wanted.orElse(0) != task.task().defaults().guidance() && wanted.isPresent()) {
      problems.add(
          FieldProblem.invalid(
              "guidance",
              task.base().model()
                  + " reads no guidance scale, so it would change nothing; leave it out"));
    }
  }

  private FieldProblem unknownTask(String id) {
    String remedy =
        DidYouMean.to(id, List.copyOf(offered.keySet()))
            .map(near -> "did you mean '" + near + "'?")
            .orElse("known tasks: " + String.join(", ", offered.keySet()));
    return new FieldProblem(
        ErrorCode.UNKNOWN_TASK, "task", "there is no task '" + id + "'; " + remedy);
  }

  private static void checkLayout(Layout layout, int edge, Task task, List<FieldProblem> problems) {
    problems.addAll(layout.problems("layout", edge));
    if (layout.panels() != task.layout().panels()) {
      problems.add(
          FieldProblem.invalid(
              "layout",
              "has %d panels, but %s draws %d"
                  .formatted(layout.panels(), task.id(), task.layout().panels())));
    }
  }

  private static void checkPanels(JobRequest request, Task task, List<FieldProblem> problems) {
    int expected = task.layout().panels();
    if (request.panels().size() != expected) {
      problems.add(
          FieldProblem.invalid(
              "panels",
              "%s takes %d panel texts, not %d"
                  .formatted(task.id(), expected, request.panels().size())));
    }
  }

  /** Whether the references of a request fit its layout. */
  private static void checkReferences(
      JobRequest request, Layout layout, List<FieldProblem> problems) {
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < request.references().size(); i++) {
      int panel = request.references().get(i).panel();
      String field = "references[" + i + "].panel";
      if (panel < Reference.SHEET || panel > layout.panels()) {
        String range = "1 to %d, or 0 for the whole sheet".formatted(layout.panels());
        problems.add(FieldProblem.invalid(field, "there is no panel " + panel + "; give " + range));
      } else if (!seen.add(panel)) {
        problems.add(
            FieldProblem.invalid(field, "panel " + panel + " has a reference already; remove one"));
      }
    }
    boolean sheet = seen.remove(Reference.SHEET);
    if (seen.size() == layout.panels()) {
      problems.add(FieldProblem.invalid("references", "leave at least one panel to draw"));
    }
    if (request.strength().orElse(1) < 1 && !sheet) {
      String remedy =
          "leave it out, or give a picture for the whole sheet, references with panel 0";
      problems.add(FieldProblem.invalid("strength", "below 1 it needs one; " + remedy));
    }
  }
}

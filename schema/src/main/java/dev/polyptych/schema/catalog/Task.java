package dev.polyptych.schema.catalog;

import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.json.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * An IC-LoRA task.
 *
 * @param id name that callers use; lower case and dashes
 * @param adapter id of its adapter: {@code <adapter>.safetensors} in the adapters' folder, the
 *     record key on Kafka, and the unit that makes a worker warm
 * @param template how the joint prompt is composed; its panel count is the layout's
 * @param example a request to try
 * @param routing overrides where the dispatchers send its jobs
 */
public record Task(
    String id,
    String title,
    String adapter,
    Layout layout,
    PromptTemplate template,
    Defaults defaults,
    Example example,
    Optional<Routing> routing) {

  public Task {
    routing = routing == null ? Optional.empty() : routing;
  }

  /** SHA-256 in hexadecimal of the task as {@code GET /v1/tasks} writes it. */
  public String digest() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Json.bytes(this)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  /**
   * Values for fields that a request leaves out.
   *
   * @param reference how references steer the other panels; empty: what is usual for the base
   */
  public record Defaults(
      int steps, double guidance, double adapterScale, Optional<ReferenceMethod> reference) {
    public Defaults {
      reference = reference == null ? Optional.empty() : reference;
    }

    /** The method for a base. */
    public ReferenceMethod reference(boolean conditions) {
      return reference.orElse(conditions ? ReferenceMethod.CONDITION : ReferenceMethod.SDEDIT);
    }

    /** The problem of a method that the base was not trained for; {@code path} is its place. */
    public Optional<FieldProblem> problem(String base, boolean conditions, String path) {
      return reference
          .filter(method -> method == ReferenceMethod.CONDITION && !conditions)
          .map(method -> method.unknownTo(base, path));
    }
  }

  /** Texts of a request, one panel text a panel. */
  public record Example(String prompt, List<String> panels) {
    public Example {
      panels = List.copyOf(panels);
    }
  }

  /**
   * An operator's routing rules. They apply to the adapter.
   *
   * @param pin the partition of all its jobs, from 0; takes precedence over {@code minimumWidth}
   * @param minimumWidth minimum number of workers for its jobs, if there are that many workers
   */
  public record Routing(Optional<Integer> pin, Optional<Integer> minimumWidth) {
    public Routing {
      pin = pin == null ? Optional.empty() : pin;
      minimumWidth = minimumWidth == null ? Optional.empty() : minimumWidth;
    }

    /** All problems of these rules; {@code path} is their place in the document. */
    List<FieldProblem> problems(String path) {
      List<FieldProblem> problems = new ArrayList<>();
      pin.filter(partition -> partition < 0)
          .ifPresent(
              partition ->
                  problems.add(
                      FieldProblem.invalid(
                          path + ".pin",
                          "must be the number of a partition, from 0, not " + partition)));
      minimumWidth
          .filter(width -> width < 1)
          .ifPresent(
              width ->
                  problems.add(
                      FieldProblem.invalid(
                          path + ".minimumWidth",
                          "must be a number of workers, 1 or more, not " + width)));
      return problems;
    }
  }
}

package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.json.DidYouMean;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The job that the command line describes: a JSON file, options over it, or an example. */
final class JobText {
  @Option(
      names = "--job",
      paramLabel = "FILE",
      description = "The job as JSON, as in the HTTP interface. Other options override it.")
  private Optional<Path> file = Optional.empty();

  @Option(names = "--task", paramLabel = "ID", description = "Task of the catalog.")
  private Optional<String> task = Optional.empty();

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What the whole set shows (default: the task's own example).")
  private Optional<String> prompt = Optional.empty();

  @Option(
      names = "--panel",
      paramLabel = "TEXT",
      description = "What one panel shows. Repeat it for each panel, in reading order.")
  private List<String> panels = List.of();

  @Option(names = "--seed", paramLabel = "N", description = "Same seed, same picture.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Denoising steps (default: the task's).")
  private Optional<Integer> steps = Optional.empty();

  @Option(
      names = "--truncate",
      description = "Accept that text is lost that is longer than the model reads.")
  private boolean truncate;

  @Option(names = "--format", paramLabel = "png|jpeg|webp", description = "Format of the images.")
  private Optional<String> format = Optional.empty();

  /** The job as JSON. It is not validated here. */
  ObjectNode json(List<Task> tasks) throws IOException {
    ObjectNode job = file.isPresent() ? read(file.get()) : Json.mapper().createObjectNode();
    task.ifPresent(id -> job.put("task", id));
    if (!job.has("task")) {
      job.put("task", "film-storyboard");
    }
    prompt.ifPresent(text -> job.put("prompt", text));
    if (!panels.isEmpty()) {
      panels.forEach(job.putArray("panels")::add);
    }
    if (!job.has("prompt") && !job.has("panels")) {
      fill(job, named(job.path("task").asText(), tasks).example());
    }
    seed.ifPresent(value -> job.put("seed", value));
    steps.ifPresent(value -> job.put("steps", value));
    if (truncate) {
      job.put("truncate", true);
    }
    format.ifPresent(value -> job.put("format", value));
    return job;
  }

  private static ObjectNode read(Path file) throws IOException {
    if (Json.mapper().readTree(Files.readAllBytes(file)) instanceof ObjectNode job) {
      return job;
    }
    throw new IOException(file + " must hold one JSON object");
  }

  private static Task named(String id, List<Task> tasks) throws IOException {
    for (Task known : tasks) {
      if (known.id().equals(id)) {
        return known;
      }
    }
    List<String> ids = tasks.stream().map(Task::id).toList();
    String remedy =
        DidYouMean.to(id, ids)
            .map(near -> "did you mean '" + near + "'?")
            .orElse("known tasks: " + String.join(", ", ids) + ".");
    throw new IOException(
        "--task: there is no task '%s'; %s A task of another catalog needs --prompt and --panel"
            .formatted(id, remedy));
  }

  private static void fill(ObjectNode job, Task.Example example) {
    job.put("prompt", example.prompt());
    example.panels().forEach(job.putArray("panels")::add);
  }
}

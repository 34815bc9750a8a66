package dev.polyptych.lab.drill.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Submits jobs that draw with a registered adapter beside their task's. One thread at a time. */
final class RegistryLoad {
  /** The name whose bytes are replaced. */
  static final String STYLE = "style";

  private static final double STYLE_SCALE = 0.5;

  private final List<DispatcherClient> dispatchers;
  private final Map<String, List<Task>> tasks;
  private final int steps;
  private final Map<String, Integer> newest = new HashMap<>();
  private final List<Sent> sent = new ArrayList<>();

  /**
   * A job that was accepted.
   *
   * @param least the number of the style's version that was registered when it was submitted
   */
  record Sent(String id, int least) {}

  /**
   * @param tasks by base
   * @param steps of each job
   */
  RegistryLoad(List<DispatcherClient> dispatchers, Map<String, List<Task>> tasks, int steps) {
    this.dispatchers = dispatchers;
    this.tasks = tasks;
    this.steps = steps;
  }

  /** Reports a version of the style that is registered from now on. */
  void registered(JsonNode version) {
    newest.put(version.path("base").textValue(), version.path("number").intValue());
  }

  List<Sent> sent() {
    return List.copyOf(sent);
  }

  /** Submits one job of each base, and the next ones to the next dispatcher. */
  void submit() throws IOException, InterruptedException {
    for (String base : tasks.keySet()) {
      List<Task> all = tasks.get(base);
      DispatcherClient dispatcher = dispatchers.get(sent.size() / 2 % dispatchers.size());
      Task task = all.get(sent.size() / 2 % all.size());
      int least = newest.get(base);
      JobStatus job = dispatcher.submit(job(task, STYLE));
      sent.add(new Sent(job.id(), least));
    }
  }

  /** Submits a job of a task with another adapter in the style's place. */
  JobStatus submit(DispatcherClient dispatcher, Task task, String adapter)
      throws IOException, InterruptedException {
    return dispatcher.submit(job(task, adapter));
  }

  /** The number of accepted jobs that are open, as the first dispatcher tells. */
  int open() throws IOException, InterruptedException {
    DispatcherClient dispatcher = dispatchers.getFirst();
    return dispatcher.jobs(JobState.QUEUED).size() + dispatcher.jobs(JobState.RENDERING).size();
  }

  private byte[] job(Task task, String adapter) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("task", task.id());
    body.put("prompt", task.example().prompt());
    body.put("panels", task.example().panels());
    body.put("steps", steps);
    body.put(
        "adapters",
        List.of(Map.of("name", task.adapter()), Map.of("name", adapter, "scale", STYLE_SCALE)));
    return Json.bytes(body);
  }

  /** A job that a worker renders now; empty if it renders none. */
  Optional<JobStatus> renderedBy(String worker) throws IOException, InterruptedException {
    return dispatchers.getFirst().jobs(JobState.RENDERING).stream()
        .filter(job -> job.worker().filter(worker::equals).isPresent())
        .findFirst();
  }
}

package dev.polyptych.lab.drill;

import dev.polyptych.schema.catalog.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * What a run of drills is made of.
 *
 * @param folder keeps data, logs and the ids of accepted jobs
 * @param polyptych the command line that runs the {@code polyptych} command, without its arguments
 * @param freePort finds ports that nobody listens on
 * @param catalog as settings name it, of the tasks that the workers' model draws
 */
public record DrillSetup(
    Path folder,
    List<String> polyptych,
    Backends.Source backends,
    IntSupplier freePort,
    String catalog,
    List<Task> tasks,
    Size size) {
  public DrillSetup {
    polyptych = List.copyOf(polyptych);
    tasks = List.copyOf(tasks);
  }

  /**
   * How much of everything.
   *
   * @param openJobs kept open by the steady load
   * @param steps of each of them, 1 to 100
   * @param checkpointEvery in whole seconds; zero: after every step
   */
  public record Size(int workers, int openJobs, int steps, Duration checkpointEvery) {}
}

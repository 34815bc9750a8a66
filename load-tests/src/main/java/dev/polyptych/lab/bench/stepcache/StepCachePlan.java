package dev.polyptych.lab.bench.stepcache;

import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The jobs of the bench: each task's example with its adapter, with several seeds.
 *
 * @param model folder, with {@code adapters} below it
 * @param fewer smaller numbers of steps to compare, without a cache
 * @param steps empty: the task's default
 */
public record StepCachePlan(
    Path model,
    Catalog catalog,
    List<StepCache> caches,
    List<Integer> fewer,
    int seeds,
    Optional<Integer> steps) {
  public StepCachePlan {
    caches = List.copyOf(caches);
    fewer = List.copyOf(fewer);
  }

  /**
   * A way to draw a sheet faster.
   *
   * @param name of its figures
   * @param asked the request for a task's sheet
   */
  record Way(String name, Function<Sheet, DenoiseRequest> asked) {}

  /** A sheet that is drawn in all ways. */
  record Sheet(Task task, long seed) {}

  Path adapter(Task task) {
    return model.resolve("adapters").resolve(task.adapter() + ".safetensors");
  }

  /** The ways that are compared with {@link #whole}. */
  List<Way> ways() {
    List<Way> ways = new ArrayList<>();
    for (StepCache cache : caches) {
      String name = cache.method().text().replace('-', '_') + "_" + cache.threshold();
      ways.add(new Way(name, sheet -> whole(sheet).with(cache)));
    }
    for (int number : fewer) {
      ways.add(new Way("only_" + number + "_steps", sheet -> request(sheet, number)));
    }
    return ways;
  }

  /** The sheet with every step computed. */
  DenoiseRequest whole(Sheet sheet) {
    return request(sheet, steps.orElse(sheet.task().defaults().steps()));
  }

  private static DenoiseRequest request(Sheet sheet, int steps) {
    Task task = sheet.task();
    return new DenoiseRequest(
        task.template().compose(task.example().prompt(), task.example().panels()),
        task.layout().sheetWidth(),
        task.layout().sheetHeight(),
        steps,
        task.defaults().guidance(),
        sheet.seed());
  }
}

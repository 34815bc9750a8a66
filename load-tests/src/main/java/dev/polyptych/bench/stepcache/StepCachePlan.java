package dev.polyptych.bench.stepcache;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.worker.denoise.DenoiseRequest;
import dev.polyptych.worker.denoise.StepCache;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the bench draws: each task's example with its adapter, at so many seeds.
 *
 * @param model folder, with {@code adapters} below it
 * @param steps empty: each task's own
 */
public record StepCachePlan(
    Path model, Catalog catalog, List<StepCache> caches, int seeds, Optional<Integer> steps) {
  public StepCachePlan {
    caches = List.copyOf(caches);
  }

  Path adapter(Task task) {
    return model.resolve("adapters").resolve(task.adapter() + ".safetensors");
  }

  DenoiseRequest request(Task task, long seed) {
    return new DenoiseRequest(
        task.template().compose(task.example().prompt(), task.example().panels()),
        task.layout().sheetWidth(),
        task.layout().sheetHeight(),
        steps.orElse(task.defaults().steps()),
        task.defaults().guidance(),
        seed,
        task.defaults().adapterScale());
  }
}

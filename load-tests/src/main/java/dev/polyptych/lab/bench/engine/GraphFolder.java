package dev.polyptych.lab.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.polyptych.engine.blueprint.ConfigFiles;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.TorchScriptArchive;
import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.engine.plan.MemoryDemand;
import dev.polyptych.engine.plan.MemoryDemand.Room;
import dev.polyptych.engine.plan.MemoryPlan;
import dev.polyptych.engine.plan.MemoryPlanner;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.weights.model.ModelFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * A folder with everything that another PyTorch needs to run the engine's graphs: the archives that
 * the engine loads, the configurations of FLUX.1-dev, and the sheets of the published tasks.
 */
public final class GraphFolder {
  /** Transformer, text encoder, autoencoder, and the loading and merging of weights. */
  static final List<String> GRAPHS = List.of("transformer", "t5", "autoencoder", "weights");

  private static final String T5_TOKENIZER = "T5TokenizerFast";
  private static final ObjectMapper JSON = new ObjectMapper();

  private GraphFolder() {}

  /**
   * Writes the folder and overwrites files of the same names: {@code <graph>.pt}, {@code
   * flux.1-dev/} in diffusers layout without weights, {@code tasks.json} (sizes in pixels), {@code
   * plans.json} (how FLUX.1-dev lies on a GPU in bfloat16, for each task's sheet).
   */
  public static void write(Path folder, Catalog published) throws IOException {
    Files.createDirectories(folder);
    for (String graph : GRAPHS) {
      try (InputStream archive = TorchScriptArchive.of(graph)) {
        Files.copy(archive, folder.resolve(graph + ".pt"), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    ConfigFiles.write(at(folder.resolve("flux.1-dev")), T5_TOKENIZER);
    JSON.writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("tasks.json").toFile(), tasks(published.tasks()));
    JSON.writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("plans.json").toFile(), plans(published.tasks()));
  }

  private static ArrayNode plans(List<Task> published) {
    ArrayNode plans = JSON.createArrayNode();
    for (Task task : published) {
      Room sheet = Room.of(task.layout().sheetWidth(), task.layout().sheetHeight());
      MemoryDemand demand =
          new MemoryDemand(
              ModelFolder.fluxDev(),
              Map.of(),
              ComputeType.BFLOAT16,
              WeightType.AUTO,
              true,
              Long.MAX_VALUE,
              sheet);
      for (MemoryPlan plan : MemoryPlanner.plans(demand)) {
        plans
            .addObject()
            .put("task", task.id())
            .put("weights", plan.weights().text())
            .put("text", plan.text().text())
            .put("modulationMoved", plan.modulationMoved())
            .put("decoding", plan.decoding().text())
            .put("peakBytes", plan.peakBytes())
            .set("use", JSON.valueToTree(plan.use()));
      }
    }
    return plans;
  }

  private static ModelFolder at(Path path) {
    ModelFolder flux = ModelFolder.fluxDev();
    return new ModelFolder(
        path, flux.transformer(), flux.clip(), flux.t5(), flux.autoencoder(), flux.scheduler());
  }

  private static ArrayNode tasks(List<Task> published) {
    ArrayNode tasks = JSON.createArrayNode();
    for (Task task : published) {
      tasks
          .addObject()
          .put("id", task.id())
          .put("width", task.layout().sheetWidth())
          .put("height", task.layout().sheetHeight())
          .put("steps", task.defaults().steps())
          .put("guidance", task.defaults().guidance());
    }
    return tasks;
  }
}

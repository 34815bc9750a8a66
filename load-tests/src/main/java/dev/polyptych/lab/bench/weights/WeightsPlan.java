package dev.polyptych.lab.bench.weights;

import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.DevicePlan;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.lab.bench.memory.RandomSource;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.T5Config;
import dev.polyptych.weights.model.TransformerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The sheets of the bench, and the model that draws them.
 *
 * @param opening opens the model
 * @param decoding whether the sheets become pictures
 */
public record WeightsPlan(
    Function<EngineOptions, FluxPipeline> opening, List<Sheet> sheets, boolean decoding) {
  private static final int EDGE = 512;
  private static final double GUIDANCE = 3.5;

  public WeightsPlan {
    sheets = List.copyOf(sheets);
  }

  /**
   * A sheet.
   *
   * @param adapter file to draw with
   * @param scale of the adapter
   */
  record Sheet(DenoiseRequest request, Optional<Path> adapter, double scale) {}

  /**
   * Each task's example with its adapter.
   *
   * @param model folder, with {@code adapters} below it
   * @param steps empty: the task's default
   */
  public static WeightsPlan tasks(Path model, Catalog catalog, int seeds, Optional<Integer> steps) {
    List<Sheet> sheets = new ArrayList<>();
    for (Task task : catalog.tasks()) {
      for (int seed = 1; seed <= seeds; seed++) {
        sheets.add(
            new Sheet(
                new DenoiseRequest(
                    task.template().compose(task.example().prompt(), task.example().panels()),
                    task.layout().sheetWidth(),
                    task.layout().sheetHeight(),
                    steps.orElse(task.defaults().steps()),
                    task.defaults().guidance(),
                    seed),
                Optional.of(model.resolve("adapters").resolve(task.adapter() + ".safetensors")),
                task.defaults().adapterScale()));
      }
    }
    return new WeightsPlan(options -> FluxPipeline.open(model, options), sheets, true);
  }

  /**
   * Some blocks of FLUX.1-dev's width with random weights, one step for each seed. Random weights
   * know no pictures, so nothing is decoded.
   *
   * @param blocks of each kind, and layers of T5
   */
  public static WeightsPlan fullWidth(int blocks, int seeds) {
    ModelFolder model = shallow(blocks);
    List<Sheet> sheets = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      sheets.add(
          new Sheet(
              new DenoiseRequest("a cat on a mat", EDGE, EDGE, 1, GUIDANCE, seed),
              Optional.empty(),
              1));
    }
    return new WeightsPlan(
        options ->
            FluxPipeline.open(
                model, new RandomSource(false), options, DevicePlan.of(model, Map.of(), options)),
        sheets,
        false);
  }

  private static ModelFolder shallow(int blocks) {
    ModelFolder flux = ModelFolder.fluxDev();
    TransformerConfig deep = flux.transformer();
    T5Config t5 = flux.t5();
    return new ModelFolder(
        flux.path(),
        new TransformerConfig(
            deep.channels(),
            blocks,
            blocks,
            deep.heads(),
            deep.headWidth(),
            deep.textWidth(),
            deep.pooledWidth(),
            deep.guided(),
            deep.axes()),
        flux.clip(),
        new T5Config(
            t5.vocabulary(),
            t5.width(),
            t5.headWidth(),
            t5.hiddenWidth(),
            blocks,
            t5.heads(),
            t5.buckets(),
            t5.farthest(),
            t5.epsilon(),
            t5.activation(),
            t5.gated()),
        flux.autoencoder(),
        flux.scheduler());
  }
}

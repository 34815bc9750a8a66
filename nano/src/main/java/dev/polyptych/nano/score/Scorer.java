package dev.polyptych.nano.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.WeightFiles;
import dev.polyptych.nano.train.SheetBatch;
import dev.polyptych.weights.model.ModelFolderException;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads attributes from panels of 64 x 64 pixels. Belongs to one thread. */
public final class Scorer {
  private static final String ENDING = ".safetensors";
  private static final int BATCH = 64;

  private final NDManager manager;
  private final Graph graph;
  private final TensorMap weights;

  private Scorer(NDManager manager, Graph graph, TensorMap weights) {
    this.manager = manager;
    this.graph = graph;
    this.weights = weights;
  }

  /** The default file of a model's scorer. */
  public static Path of(Path model) {
    return model.resolve("scorer").resolve("scorer" + ENDING);
  }

  /**
   * Loads a trained scorer. The manager owns it.
   *
   * @throws ModelFolderException if the file is missing or no scorer
   */
  public static Scorer load(Path file, NDManager manager) {
    String name = file.getFileName().toString();
    if (!Files.isRegularFile(file) || !name.endsWith(ENDING)) {
      throw new ModelFolderException(
          file,
          "is no scorer's file (*.safetensors)",
          "make one with: polyptych train-scorer --model FOLDER --out " + file);
    }
    String stem = name.substring(0, name.length() - ENDING.length());
    try (WeightFiles files = WeightFiles.open(file.toAbsolutePath().getParent(), stem)) {
      TensorMap weights =
          new TensorLoader(manager, ComputeType.FLOAT32)
              .load(files.sources(ScorerNetwork.tensors()), manager);
      return new Scorer(manager, Graph.load("scorer", manager), weights);
    }
  }

  /**
   * Reads panels.
   *
   * @param panels each of 64 x 64 pixels
   */
  public List<PanelReading> read(List<BufferedImage> panels) {
    panels.forEach(Scorer::check);
    List<PanelReading> readings = new ArrayList<>();
    for (int from = 0; from < panels.size(); from += BATCH) {
      List<BufferedImage> batch = panels.subList(from, Math.min(from + BATCH, panels.size()));
      try (NDManager work = manager.newSubManager();
          NDArray pictures = SheetBatch.of(batch, work)) {
        readings.addAll(read(pictures));
      }
    }
    return readings;
  }

  /** Reads panels (panels, 3, 64, 64), float32, -1 to 1. */
  List<PanelReading> read(NDArray pictures) {
    try (NDManager work = manager.newSubManager();
        Graph.Call call = graph.call("scores")) {
      call.with(pictures).withNumbers(ScorerNetwork.strides()).with(weights);
      NDArray scores = call.tensor(work);
      int choices = (int) scores.getShape().get(1);
      float[] values = scores.toFloatArray();
      List<PanelReading> readings = new ArrayList<>();
      for (int from = 0; from < values.length; from += choices) {
        readings.add(PanelReading.ofScores(values, from));
      }
      return readings;
    }
  }

  private static void check(BufferedImage panel) {
    if (panel.getWidth() != ScorerNetwork.EDGE || panel.getHeight() != ScorerNetwork.EDGE) {
      throw new IllegalArgumentException(
          "the scorer reads panels of %d x %d pixels, not of %d x %d"
              .formatted(
                  ScorerNetwork.EDGE, ScorerNetwork.EDGE, panel.getWidth(), panel.getHeight()));
    }
  }
}

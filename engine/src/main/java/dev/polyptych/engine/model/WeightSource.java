package dev.polyptych.engine.model;

import dev.polyptych.engine.graph.TensorLoader.Source;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.Network;
import dev.polyptych.weights.model.TensorShapes;
import java.util.Map;

/** Where the weights of a model's networks come from. */
public interface WeightSource {
  /** The model's files. */
  static WeightSource files() {
    return WeightFiles::open;
  }

  /**
   * Opens the weights of a network.
   *
   * @throws dev.polyptych.weights.model.ModelFolderException if they are missing or wrong
   */
  Opened open(ModelFolder model, Network network);

  /** The weights of one network. */
  interface Opened extends AutoCloseable {
    /**
     * The source of each tensor of the network.
     *
     * @throws dev.polyptych.weights.model.ModelFolderException if a tensor is missing or wrong
     */
    Map<String, Source> sources(TensorShapes shapes);

    @Override
    void close();
  }
}

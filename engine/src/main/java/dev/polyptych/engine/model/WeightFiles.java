package dev.polyptych.engine.model;

import dev.polyptych.engine.graph.TensorLoader.Source;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.Network;
import dev.polyptych.weights.model.PartWeights;
import dev.polyptych.weights.model.TensorShapes;
import dev.polyptych.weights.safetensors.TensorType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The weights of one network for {@link dev.polyptych.engine.graph.TensorLoader}. */
public final class WeightFiles implements WeightSource.Opened {
  private static final Logger LOG = LoggerFactory.getLogger(WeightFiles.class);

  private final PartWeights weights;

  private WeightFiles(PartWeights weights) {
    this.weights = weights;
  }

  /**
   * Opens the weights of a model's network and logs what was found.
   *
   * @throws dev.polyptych.weights.model.ModelFolderException if a file is missing, truncated or
   *     wrong
   */
  public static WeightFiles open(ModelFolder model, Network network) {
    PartWeights weights = PartWeights.open(model.file().weights(network), network);
    try {
      Map<TensorType, Long> bytes = weights.bytes(model.tensors(network));
      LOG.info("{}: {}, {}, bytes {}", network.folder(), weights.path(), weights.naming(), bytes);
      return new WeightFiles(weights);
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  /**
   * Opens the weights of a network that is no part of a model.
   *
   * @param stem file name without ending
   * @throws dev.polyptych.weights.model.ModelFolderException as {@link #open(ModelFolder, Network)}
   */
  public static WeightFiles open(Path folder, String stem) {
    return new WeightFiles(PartWeights.plain(folder, stem));
  }

  /**
   * The source of each tensor of the network. Ignores tensors that the network does not have.
   *
   * @throws dev.polyptych.weights.model.ModelFolderException if a tensor is missing, has another
   *     shape, or is not a float type
   */
  @Override
  public Map<String, Source> sources(TensorShapes shapes) {
    Map<String, Source> sources = new LinkedHashMap<>();
    weights.tensors(shapes).forEach((name, tensor) -> sources.put(name, new Source(tensor)));
    return sources;
  }

  @Override
  public void close() {
    weights.close();
  }
}

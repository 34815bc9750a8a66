package dev.polyptych.engine.text;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorLoader.Storage;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.Loading;
import dev.polyptych.engine.plan.TextPlace;
import dev.polyptych.weights.model.Network;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The weights of a text encoder, wherever they are. Belongs to the render thread. */
final class EncoderWeights {
  private final NDManager computing;
  private final TensorLoader loader;
  private final Function<NDManager, TensorMap> weights;

  private EncoderWeights(
      NDManager computing, TensorLoader loader, Function<NDManager, TensorMap> weights) {
    this.computing = computing;
    this.loader = loader;
    this.weights = weights;
  }

  /**
   * Loads them, unless they are read for each prompt.
   *
   * @param manager of the device that draws
   */
  static EncoderWeights load(
      Loading loading, Network network, Storage storage, TextPlace place, NDManager manager) {
    TensorLoader device = loading.loader();
    return switch (place) {
      case RESIDENT -> {
        TensorMap resident = loading.weights(network, storage, manager);
        yield new EncoderWeights(manager, device, scratch -> resident);
      }
      case RELEASED ->
          new EncoderWeights(
              manager, device, scratch -> loading.weights(network, storage, scratch));
      case MOVED -> {
        NDManager host = host(manager);
        TensorLoader reader = new TensorLoader(host, device.computeType());
        TensorMap kept = loading.to(reader).weights(network, storage, host);
        yield new EncoderWeights(manager, device, scratch -> device.moved(kept, scratch));
      }
      case CPU -> {
        NDManager host = host(manager);
        boolean precise = device.computeType() == ComputeType.FLOAT32;
        TensorLoader reader =
            new TensorLoader(
                host, precise ? ComputeType.FLOAT32 : ComputeType.nativeTo(Device.cpu()));
        TensorMap resident = loading.to(reader).weights(network, storage, host);
        yield new EncoderWeights(host, device, scratch -> resident);
      }
    };
  }

  private static NDManager host(NDManager manager) {
    return manager.newSubManager(Device.cpu());
  }

  /** Manager of the device that the encoder computes on. */
  NDManager computing() {
    return computing;
  }

  /**
   * Computes with the weights.
   *
   * @param encoding gets the weights and the owner of what it makes
   * @param manager owner of the result, which is on its device and in the compute type
   */
  NDArray with(BiFunction<TensorMap, NDManager, NDArray> encoding, NDManager manager) {
    try (NDManager scratch = computing.newSubManager()) {
      return loader.placed(encoding.apply(weights.apply(scratch), scratch), manager);
    }
  }
}

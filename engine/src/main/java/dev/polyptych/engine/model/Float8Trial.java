package dev.polyptych.engine.model;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.Float8Products;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One product decides whether a device multiplies in float8, since versions and cards differ. */
final class Float8Trial {
  private static final Logger LOG = LoggerFactory.getLogger(Float8Trial.class);

  /** What rounding to bfloat16 and the order of sums may amount to, relative. */
  private static final double DISTANCE = 0.02;

  private Float8Trial() {}

  /** Whether products with float8 weights run in float8 on the manager's device. */
  static boolean multiplies(
      Float8Products products, Graph graph, TensorLoader loader, NDManager manager) {
    return switch (products) {
      case AUTO -> right(graph, loader, manager);
      case WIDENED -> false;
      case SCALED -> true;
    };
  }

  /** Tries a product in float8 on the device. */
  private static boolean right(Graph graph, TensorLoader loader, NDManager manager) {
    try (NDArray one = manager.ones(new Shape(1));
        NDArray like = loader.summed(List.of(one), new double[] {1}, false, manager);
        Graph.Call call = graph.call("trial")) {
      double distance = call.with(like).number();
      boolean near = distance <= DISTANCE;
      LOG.info(
          "products in float8: {}; the trial product is off by {}",
          near ? "yes" : "no, weights are widened",
          distance);
      return near;
    } catch (EngineException unknown) {
      LOG.info(
          "products in float8: no, weights are widened; the trial product failed: {}",
          String.valueOf(unknown.getMessage()).lines().findFirst().orElse(""));
      return false;
    }
  }
}

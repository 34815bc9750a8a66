package dev.polyptych.engine.golden;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.FluxTransformer;
import dev.polyptych.engine.model.FluxTransformer.Brief;
import dev.polyptych.engine.model.FluxTransformer.Conditioning;
import dev.polyptych.engine.model.FluxTransformer.Grid;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.weights.model.ModelFolder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The embeddings that no weight has a part in. */
class EmbeddingsGoldenTest {
  private static final Grid GRID = new Grid(Golden.HEIGHT / 16, Golden.WIDTH / 16);

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void free() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.0, 0.7, 0.0123, 3.5})
  void timestepsAndGuidanceAreEmbeddedAsTheReferenceDoes(double value) {
    NDArray like = manager.zeros(new Shape(1));
    try (Graph.Call call = Graph.load("transformer", manager).call("sinus")) {
      compare(Golden.DEV, "timestep." + value, call.with(value).with(like).tensor(manager));
    }
  }

  @ParameterizedTest
  @EnumSource
  void positionsAreThoseOfTheReference(Golden golden) {
    FluxTransformer transformer =
        FluxTransformer.load(
            ModelFolder.open(golden.model()),
            new TensorLoader(manager, ComputeType.FLOAT32),
            manager);
    Brief brief =
        new Brief(
            golden.array("states.0", manager),
            golden.array("pooled.0", manager),
            Golden.GUIDANCE,
            GRID,
            List.of(Golden.SIGMA));
    Weights weights = new Weights(transformer.base(), TensorMap.empty(manager), 0);
    Conditioning conditioning = transformer.prepare(brief, weights, manager);

    compare(golden, "positions", conditioning.positions());
  }

  private static void compare(Golden golden, String name, NDArray actual) {
    Tolerance.check(
        golden + " " + name,
        ComputeType.FLOAT32,
        golden.expectedEmbedding(name),
        actual.toFloatArray());
  }
}

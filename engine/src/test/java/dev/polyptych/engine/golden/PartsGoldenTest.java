package dev.polyptych.engine.golden;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.adapter.AdapterPlacement;
import dev.polyptych.engine.adapter.DevicePlacement;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.Autoencoder;
import dev.polyptych.engine.model.FluxTransformer;
import dev.polyptych.engine.model.FluxTransformer.Brief;
import dev.polyptych.engine.model.FluxTransformer.Conditioning;
import dev.polyptych.engine.model.FluxTransformer.Grid;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.engine.text.TextEncoders;
import dev.polyptych.engine.text.TextEncoders.EncodedPrompt;
import dev.polyptych.weights.lora.AdapterReader;
import dev.polyptych.weights.model.ModelFolder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PartsGoldenTest {
  private static final Grid GRID = new Grid(Golden.HEIGHT / 16, Golden.WIDTH / 16);

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final Graph casts = Graph.load("cast", manager);

  @AfterEach
  void free() {
    manager.close();
  }

  static Stream<Arguments> foldersAndTypes() {
    return Stream.of(Golden.values())
        .flatMap(golden -> Stream.of(ComputeType.values()).map(type -> Arguments.of(golden, type)));
  }

  @ParameterizedTest
  @MethodSource("foldersAndTypes")
  void textEncodersGiveTheReferencesStates(Golden golden, ComputeType type) {
    TextEncoders encoders =
        TextEncoders.load(
            ModelFolder.open(golden.model()), new TensorLoader(manager, type), manager);
    List<String> prompts = Golden.prompts();
    for (int i = 0; i < prompts.size(); i++) {
      EncodedPrompt encoded = encoders.encode(prompts.get(i), manager);
      compare(golden, "states." + i, type, encoded.states());
      compare(golden, "pooled." + i, type, encoded.pooled());
    }
  }

  @ParameterizedTest
  @MethodSource("foldersAndTypes")
  void transformerGivesTheReferencesVelocity(Golden golden, ComputeType type) {
    FluxTransformer transformer = transformer(golden, new TensorLoader(manager, type));
    Weights weights = new Weights(transformer.base(), TensorMap.empty(manager), 0);

    compare(golden, "velocity", type, velocity(golden, type, transformer, weights));
  }

  @ParameterizedTest
  @MethodSource("foldersAndTypes")
  void adaptersGiveTheReferencesVelocityAtFullAndHalfStrength(Golden golden, ComputeType type) {
    TensorLoader loader = new TensorLoader(manager, type);
    FluxTransformer transformer = transformer(golden, loader);
    AdapterReader reader = new AdapterReader(transformer.config());
    AdapterPlacement placement = new DevicePlacement(transformer, loader, manager);
    for (String name : List.of("plain", "alpha", "settings")) {
      try (Adapter adapter = placement.branch(reader.read(golden.adapter(name)))) {
        for (double scale : new double[] {1.0, 0.5}) {
          NDArray velocity = velocity(golden, type, transformer, adapter.weights(scale));
          compare(golden, "velocity." + name + "." + scale, type, velocity);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("foldersAndTypes")
  void autoencoderGivesTheReferencesFloat32NumbersInEitherType(Golden golden, ComputeType type) {
    Autoencoder autoencoder =
        Autoencoder.load(
            ModelFolder.open(golden.model()), new TensorLoader(manager, type), manager);
    NDArray picture = golden.array("picture", manager).clip(-1, 1);
    NDArray decoded = autoencoder.decode(golden.array("latents", manager), GRID, manager);

    compare(golden, "picture", ComputeType.FLOAT32, decoded);
    compare(golden, "encoded", ComputeType.FLOAT32, autoencoder.encode(picture, manager));
  }

  private FluxTransformer transformer(Golden golden, TensorLoader loader) {
    return FluxTransformer.load(ModelFolder.open(golden.model()), loader, manager);
  }

  private NDArray velocity(
      Golden golden, ComputeType type, FluxTransformer transformer, Weights weights) {
    NDArray states = cast(golden.array("states.0", manager), type);
    NDArray pooled = cast(golden.array("pooled.0", manager), type);
    Conditioning conditioning =
        transformer.prepare(
            new Brief(states, pooled, Golden.GUIDANCE, GRID, List.of(Golden.SIGMA)),
            weights,
            manager);
    return transformer.velocity(
        golden.array("latents", manager), 0, conditioning, weights, manager);
  }

  private NDArray cast(NDArray floats, ComputeType type) {
    try (Graph.Call call = casts.call("cast")) {
      return call.with(floats).withNumber(type == ComputeType.BFLOAT16 ? 15 : 6).tensor(manager);
    }
  }

  private void compare(Golden golden, String name, ComputeType type, NDArray actual) {
    float[] values = cast(actual, ComputeType.FLOAT32).toFloatArray();
    Tolerance.check(golden + " " + name, type, golden.expected(name), values);
  }
}

package dev.polyptych.engine.golden;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.adapter.AdapterPlacement;
import dev.polyptych.engine.adapter.DevicePlacement;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.model.FluxTransformer;
import dev.polyptych.engine.model.FluxTransformer.Brief;
import dev.polyptych.engine.model.FluxTransformer.Conditioning;
import dev.polyptych.engine.model.FluxTransformer.Grid;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.weights.lora.AdapterReader;
import dev.polyptych.weights.lora.HostAdapter;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** One file for each layout of keys, made and drawn with by {@code make_adapter_goldens.py}. */
class AdapterGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/goldens/adapters");
  private static final Golden GOLDEN = Golden.DEV;
  private static final double[] STRENGTHS = {1.0, 0.5};
  static final List<String> LAYOUTS =
      List.of("kohya", "kohya-diffusers", "comfy", "comfy-a-b", "xlabs", "fal", "peft-patterns");

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private FluxTransformer transformer;
  private AdapterPlacement placement;

  @BeforeEach
  void load() {
    TensorLoader loader = new TensorLoader(manager, ComputeType.FLOAT32);
    transformer = FluxTransformer.load(ModelFolder.open(GOLDEN.model()), loader, manager);
    placement = new DevicePlacement(transformer, loader, manager);
  }

  @AfterEach
  void free() {
    manager.close();
  }

  @ParameterizedTest
  @FieldSource("LAYOUTS")
  void everyLayoutGivesTheReferencesVelocity(String layout) {
    HostAdapter adapter = read(layout);
    try (Adapter branch = placement.branch(adapter)) {
      for (double strength : STRENGTHS) {
        compare(layout, strength, branch.weights(strength));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("LAYOUTS")
  void everyLayoutGivesTheReferencesVelocityWhenMerged(String layout) {
    HostAdapter adapter = read(layout);
    try (Adapter branch = placement.branch(adapter)) {
      for (double strength : STRENGTHS) {
        try (Adapter merged = placement.merged(adapter, branch, strength)) {
          compare(layout, strength, merged.weights(strength));
        }
      }
    }
  }

  private HostAdapter read(String layout) {
    return new AdapterReader(transformer.config().linearLayers())
        .read(FOLDER.resolve(layout + ".safetensors"));
  }

  private void compare(String layout, double strength, Weights weights) {
    Grid grid = new Grid(Golden.HEIGHT / 16, Golden.WIDTH / 16);
    Brief brief =
        new Brief(
            GOLDEN.array("states.0", manager),
            GOLDEN.array("pooled.0", manager),
            Golden.GUIDANCE,
            grid,
            List.of(Golden.SIGMA));
    Conditioning conditioning = transformer.prepare(brief, weights, manager);
    NDArray latents = GOLDEN.array("latents", manager);
    NDArray velocity = transformer.velocity(latents, 0, conditioning, weights, manager);
    String name = "velocity." + layout + "." + strength;
    try (SafetensorsFile expected = SafetensorsFile.open(FOLDER.resolve("expected.safetensors"))) {
      Tolerance.check(name, ComputeType.FLOAT32, expected.floats(name), velocity.toFloatArray());
    }
  }
}

package dev.polyptych.engine.golden;

import static java.util.stream.Collectors.joining;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.adapter.AdapterPlacement;
import dev.polyptych.engine.adapter.AppliedAdapters;
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
import org.junit.jupiter.params.provider.MethodSource;

/** One file for each layout of keys, made and drawn with by {@code make_adapter_goldens.py}. */
class AdapterGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/goldens/adapters");
  private static final Golden GOLDEN = Golden.DEV;
  private static final double[] STRENGTHS = {1.0, 0.5};
  static final List<String> LAYOUTS =
      List.of("kohya", "kohya-diffusers", "comfy", "comfy-a-b", "xlabs", "fal", "peft-patterns");
  private static final List<String> TOGETHER = List.of("kohya", "xlabs", "peft-patterns");

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
    for (double strength : STRENGTHS) {
      try (AppliedAdapters merged = placement.merged(List.of(adapter), List.of(strength))) {
        compare(layout, strength, merged.weights());
      }
    }
  }

  /** Of other layers, ranks and alphas; diffusers' {@code set_adapters} adds them up. */
  @ParameterizedTest
  @MethodSource("scalesTogether")
  void severalAdaptersGiveTheReferencesVelocity(List<Double> scales) {
    List<HostAdapter> hosts = TOGETHER.stream().map(this::read).toList();
    List<Adapter> branches = hosts.stream().map(placement::branch).toList();
    try (AppliedAdapters joined = placement.joined(branches, scales);
        AppliedAdapters merged = placement.merged(hosts, scales)) {
      compare(name(scales), joined.weights());
      compare(name(scales), merged.weights());
    }
  }

  static List<List<Double>> scalesTogether() {
    return List.of(List.of(1.0, 0.5, 0.25), List.of(0.75, -1.5, 0.0));
  }

  private static String name(List<Double> scales) {
    return "velocity.together." + scales.stream().map(String::valueOf).collect(joining("."));
  }

  private HostAdapter read(String layout) {
    return new AdapterReader(transformer.config()).read(FOLDER.resolve(layout + ".safetensors"));
  }

  private void compare(String layout, double strength, Weights weights) {
    compare("velocity." + layout + "." + strength, weights);
  }

  private void compare(String name, Weights weights) {
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
    try (SafetensorsFile expected = SafetensorsFile.open(FOLDER.resolve("expected.safetensors"))) {
      Tolerance.check(name, ComputeType.FLOAT32, expected.floats(name), velocity.toFloatArray());
    }
  }
}

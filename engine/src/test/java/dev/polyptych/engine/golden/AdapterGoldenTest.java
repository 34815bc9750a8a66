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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One file for each layout of keys, made and drawn with by {@code make_adapter_goldens.py} and, of
 * those that diffusers reads in part or not at all, {@code make_layout_goldens.py}.
 */
class AdapterGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/goldens");
  private static final Golden GOLDEN = Golden.DEV;
  static final List<String> LAYOUTS =
      List.of(
          "adapters/kohya",
          "adapters/kohya-diffusers",
          "adapters/comfy",
          "adapters/comfy-a-b",
          "adapters/xlabs",
          "adapters/fal",
          "adapters/peft-patterns",
          "layouts/control",
          "layouts/differences",
          "layouts/dora-scale",
          "layouts/e4m3",
          "layouts/e5m2",
          "layouts/f64",
          "layouts/kohya-dora",
          "layouts/loha",
          "layouts/lokr",
          "layouts/peft-bias",
          "layouts/peft-dora",
          "layouts/peft-rslora");

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
      for (double strength : strengths(layout)) {
        compare(layout, strength, branch.weights(strength));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("LAYOUTS")
  void everyLayoutGivesTheReferencesVelocityWhenMerged(String layout) {
    HostAdapter adapter = read(layout);
    for (double strength : strengths(layout)) {
      try (AppliedAdapters merged = placement.merged(List.of(adapter), List.of(strength))) {
        compare(layout, strength, merged.weights());
      }
    }
  }

  private static double[] strengths(String layout) {
    return layout.startsWith("adapters/") ? new double[] {1.0, 0.5} : new double[] {1.0, -1.5};
  }

  /** Several files, each at its scale. */
  record Together(String folder, Map<String, Double> scales, String name) {}

  /** Of other layers, ranks, alphas and kinds; diffusers' {@code set_adapters} adds pairs up. */
  @ParameterizedTest
  @MethodSource("together")
  void severalAdaptersGiveTheReferencesVelocity(Together set) {
    List<HostAdapter> hosts =
        set.scales().keySet().stream().map(name -> read(set.folder() + "/" + name)).toList();
    List<Double> scales = List.copyOf(set.scales().values());
    List<Adapter> branches = hosts.stream().map(placement::branch).toList();
    try (AppliedAdapters joined = placement.joined(branches, scales);
        AppliedAdapters merged = placement.merged(hosts, scales)) {
      compare(set.folder(), "together." + set.name(), joined.weights());
      compare(set.folder(), "together." + set.name(), merged.weights());
    }
  }

  static List<Together> together() {
    return List.of(
        trained(1.0, 0.5, 0.25),
        trained(0.75, -1.5, 0.0),
        layouts("lokr", 0.5, "kohya-dora", -1.0, "control", 0.75, "loha", 0.25),
        layouts("dora-scale", -0.5, "lokr", -0.25, "differences", 2.0, "peft-bias", 0.0));
  }

  private static Together trained(double kohya, double xlabs, double peft) {
    Map<String, Double> scales = new LinkedHashMap<>();
    scales.put("kohya", kohya);
    scales.put("xlabs", xlabs);
    scales.put("peft-patterns", peft);
    return new Together("adapters", scales, kohya + "." + xlabs + "." + peft);
  }

  private static Together layouts(Object... namesAndScales) {
    Map<String, Double> scales = new LinkedHashMap<>();
    for (int i = 0; i < namesAndScales.length; i += 2) {
      scales.put((String) namesAndScales[i], (Double) namesAndScales[i + 1]);
    }
    String name = Arrays.stream(namesAndScales).map(String::valueOf).collect(joining("."));
    return new Together("layouts", scales, name);
  }

  private HostAdapter read(String layout) {
    return new AdapterReader(ModelFolder.open(GOLDEN.model()))
        .read(FOLDER.resolve(layout + ".safetensors"));
  }

  private void compare(String layout, double strength, Weights weights) {
    Path file = Path.of(layout);
    compare(file.getParent().toString(), file.getFileName() + "." + strength, weights);
  }

  private void compare(String folder, String what, Weights weights) {
    String name = "velocity." + what;
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
    try (SafetensorsFile expected =
        SafetensorsFile.open(FOLDER.resolve(folder + "/expected.safetensors"))) {
      Tolerance.check(name, ComputeType.FLOAT32, expected.floats(name), velocity.toFloatArray());
    }
  }
}

package dev.polyptych.engine.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.adapter.AdapterPlacement;
import dev.polyptych.engine.adapter.AppliedAdapters;
import dev.polyptych.engine.adapter.DevicePlacement;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.model.FluxTransformer;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.engine.text.PromptCache;
import dev.polyptych.engine.text.TextEncoders;
import dev.polyptych.engine.text.TextEncoders.EncodedPrompt;
import dev.polyptych.weights.lora.AdapterReader;
import dev.polyptych.weights.lora.HostAdapter;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters of the text encoders, drawn with by {@code make_layout_goldens.py}. */
class AdapterTextGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/goldens/layouts");
  private static final String PROMPT = Golden.prompts().getFirst();

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final ModelFolder model = ModelFolder.open(Golden.DEV.model());
  private AdapterPlacement placement;
  private TextEncoders encoders;

  @BeforeEach
  void load() {
    TensorLoader loader = new TensorLoader(manager, ComputeType.FLOAT32);
    FluxTransformer transformer = FluxTransformer.load(model, loader, manager);
    placement = new DevicePlacement(transformer, loader, manager);
    encoders = TextEncoders.load(model, loader, manager);
  }

  @AfterEach
  void free() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text-kohya", "text-comfy"})
  void bothEncodersGiveTheReferencesStates(String layout) {
    HostAdapter host = read(layout);
    try (Adapter branch = placement.branch(host)) {
      for (double scale : new double[] {1, -1.5}) {
        compare(scale, branch.weights(scale));
        try (AppliedAdapters merged = placement.merged(List.of(host), List.of(scale))) {
          compare(scale, merged.weights());
        }
      }
    }
  }

  @Test
  void severalAddUp() {
    List<HostAdapter> hosts = List.of(read("text-kohya"), read("text-comfy"));
    List<Adapter> branches = hosts.stream().map(placement::branch).toList();
    try (AppliedAdapters joined = placement.joined(branches, List.of(-2.0, 3.0));
        AppliedAdapters merged = placement.merged(hosts, List.of(-2.0, 3.0))) {
      compare(1, joined.weights());
      compare(1, merged.weights());
    }
  }

  @Test
  void aPromptIsEncodedAnewForAnotherScale() {
    PromptCache cache = new PromptCache(encoders, manager);
    try (Adapter branch = placement.branch(read("text-kohya"))) {
      EncodedPrompt bare = cache.encode(PROMPT);

      assertEquals("", branch.weights(0).text());
      assertSame(bare, cache.encode(PROMPT, branch.weights(0)));
      assertNotSame(bare, cache.encode(PROMPT, branch.weights(1)));
      assertSame(cache.encode(PROMPT, branch.weights(1)), cache.encode(PROMPT, branch.weights(1)));
      assertNotSame(
          cache.encode(PROMPT, branch.weights(1)), cache.encode(PROMPT, branch.weights(0.5)));
      Tolerance.check(
          "states.0",
          ComputeType.FLOAT32,
          Golden.DEV.expected("states.0"),
          bare.states().toFloatArray());
    }
  }

  private HostAdapter read(String layout) {
    return new AdapterReader(model).read(FOLDER.resolve(layout + ".safetensors"));
  }

  private void compare(double scale, Weights weights) {
    EncodedPrompt encoded = encoders.encode(PROMPT, weights, manager);
    try (SafetensorsFile expected = SafetensorsFile.open(FOLDER.resolve("expected.safetensors"))) {
      String states = "text.states." + scale;
      String pooled = "text.pooled." + scale;
      Tolerance.check(
          states, ComputeType.FLOAT32, expected.floats(states), encoded.states().toFloatArray());
      Tolerance.check(
          pooled, ComputeType.FLOAT32, expected.floats(pooled), encoded.pooled().toFloatArray());
    }
  }
}

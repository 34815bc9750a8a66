package dev.polyptych.engine.adapter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.FluxTransformer;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.weights.lora.HostAdapter;
import dev.polyptych.weights.model.LinearLayer;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What swapping must never do, in either way of drawing: change the base, or remember. */
@ParameterizedClass
@EnumSource(ComputeType.class)
class AdapterSwapIT {
  private static final Path MODEL = TinyModels.folder();
  private static final DenoiseRequest SHEET =
      new DenoiseRequest("[MOVIE-SHOTS] a bear wins a balloon", 64, 96, 3, 3.5, 42);
  private static final int SWAPS = 1000;

  private static FluxPipeline pipeline;

  @Parameter ComputeType type;

  @TempDir Path folder;

  @BeforeParameterizedClassInvocation
  static void open(ComputeType type) {
    pipeline = FluxPipeline.open(MODEL, EngineOptions.cpu(type));
  }

  @AfterParameterizedClassInvocation
  static void close() {
    pipeline.close();
  }

  @Test
  void theBaseKeepsItsBitsOverAThousandSwaps() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      TensorLoader loader = new TensorLoader(manager, type);
      FluxTransformer transformer = FluxTransformer.load(ModelFolder.open(MODEL), loader, manager);
      AdapterPlacement placement = new DevicePlacement(transformer, loader, manager);
      List<HostAdapter> adapters =
          List.of(read("couple-profile"), read("film-storyboard"), read("font-design"));
      long before = checksum(transformer.base(), manager);
      int arrays = manager.getManagedArrays().size();
      Random random = new Random(7);
      for (int i = 0; i < SWAPS; i++) {
        int first = random.nextInt(3);
        List<Integer> one = List.of(first);
        List<Integer> two = List.of(first, (first + 1 + random.nextInt(2)) % 3);
        List<Integer> chosen = random.nextBoolean() ? one : two;
        swap(chosen.stream().map(adapters::get).toList(), placement, random);
      }

      assertEquals(arrays, manager.getManagedArrays().size());
      assertEquals(before, checksum(transformer.base(), manager));
    }
  }

  @Test
  void anAdapterDrawsTheSameBitsBeforeAndAfterAnother() {
    HostAdapter couple = read("couple-profile");
    HostAdapter storyboard = read("film-storyboard");
    float[] bare = draw();
    float[] branch = branch(couple);
    float[] merged = merged(couple);
    branch(storyboard);
    float[] other = merged(storyboard);

    assertArrayEquals(branch, branch(couple));
    assertArrayEquals(merged, merged(couple));
    assertArrayEquals(bare, draw());
    assertFalse(Arrays.equals(merged, other));
    assertFalse(Arrays.equals(merged, bare));
  }

  /**
   * Weights so small that a sum with any of the base's is the base's. One of all zeros is refused.
   */
  @Test
  void anAdapterOfVanishingWeightsDrawsTheBasesBits() {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (LinearLayer layer : ModelFolder.open(MODEL).transformer().linearLayers()) {
      float[] down = new float[(int) layer.inputs()];
      Arrays.fill(down, 0.5f);
      String key = "transformer." + layer.module();
      writer.add(key + ".lora_A.weight", List.of(1L, layer.inputs()), down);
      float[] up = new float[(int) layer.outputs()];
      Arrays.fill(up, 1e-30f);
      writer.add(key + ".lora_B.weight", List.of(layer.outputs(), 1L), up);
    }
    writer.write(folder.resolve("vanishing.safetensors"));
    HostAdapter vanishing = pipeline.adapterReader().read(folder.resolve("vanishing.safetensors"));
    float[] bare = draw();

    assertArrayEquals(bare, branch(vanishing));
    assertArrayEquals(bare, merged(vanishing));
  }

  private static void swap(List<HostAdapter> hosts, AdapterPlacement placement, Random random) {
    List<Adapter> branches = hosts.stream().map(placement::branch).toList();
    List<Double> scales = hosts.stream().map(host -> 8 * random.nextDouble() - 4).toList();
    placement.joined(branches, scales).close();
    if (random.nextBoolean()) {
      placement.merged(hosts, scales).close();
    }
    branches.forEach(Adapter::close);
  }

  private static float[] branch(HostAdapter adapter) {
    try (Adapter branch = pipeline.adapterPlacement().branch(adapter)) {
      pipeline.use(branch.at(1));
      return draw();
    } finally {
      pipeline.useNone();
    }
  }

  private static float[] merged(HostAdapter adapter) {
    try (AppliedAdapters merged =
        pipeline.adapterPlacement().merged(List.of(adapter), List.of(1.0))) {
      pipeline.use(merged);
      return draw();
    } finally {
      pipeline.useNone();
    }
  }

  private static float[] draw() {
    try (Denoising run = pipeline.start(SHEET)) {
      while (!run.finished()) {
        run.step();
      }
      return run.progress().latents().values();
    }
  }

  private static HostAdapter read(String name) {
    return pipeline.adapterReader().read(MODEL.resolve("adapters").resolve(name + ".safetensors"));
  }

  /** Over the values of all tensors; every bfloat16 has a float32 of its own. */
  private static long checksum(TensorMap base, NDManager manager) {
    CRC32C checksum = new CRC32C();
    try (NDManager scratch = manager.newSubManager()) {
      Graph casts = Graph.load("cast", scratch);
      for (String name : new TreeSet<>(base.names())) {
        try (Graph.Call call = casts.call("cast")) {
          NDArray values = call.with(base.array(name)).withNumber(6).tensor(scratch);
          checksum.update(values.toByteBuffer());
        }
      }
    }
    return checksum.getValue();
  }
}

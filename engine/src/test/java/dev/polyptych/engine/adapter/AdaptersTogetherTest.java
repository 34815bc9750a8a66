package dev.polyptych.engine.adapter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.adapter.ApplicationPolicy.Way;
import dev.polyptych.engine.adapter.AppliedAdapters.Applied;
import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.weights.lora.HostAdapter;
import dev.polyptych.weights.model.LinearLayer;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Adapters of other ranks and of layers that only some of them have, drawn with together: joined
 * and merged.
 */
@ParameterizedClass
@EnumSource(ComputeType.class)
class AdaptersTogetherTest {
  private static final Path MODEL = TinyModels.folder();
  private static final DenoiseRequest SHEET =
      new DenoiseRequest("[MOVIE-SHOTS] a bear wins a balloon", 64, 96, 3, 3.5, 42);

  /** Powers of two, so that a product with a scale rounds nothing. */
  private static final List<Double> SCALES = List.of(-2.0, 0.5);

  private static FluxPipeline pipeline;

  @Parameter ComputeType type;

  @TempDir Path folder;

  private final Map<String, List<Lora>> drawn = new LinkedHashMap<>();
  private final List<Adapter> open = new ArrayList<>();

  /** What a file adds to a layer: up (outputs x rank) times down (rank x inputs). */
  private record Lora(LinearLayer layer, int rank, float[] down, float[] up) {}

  @BeforeParameterizedClassInvocation
  static void open(ComputeType type) {
    pipeline = FluxPipeline.open(MODEL, EngineOptions.cpu(type));
  }

  @AfterParameterizedClassInvocation
  static void close() {
    pipeline.close();
  }

  @AfterEach
  void free() {
    pipeline.useNone();
    open.forEach(Adapter::close);
  }

  @Test
  void twoDrawTheBitsOfOneFileThatHoldsBoth() {
    HostAdapter even = even();
    HostAdapter most = most();
    HostAdapter both = write("both", concatenated());

    float[] together = joined(List.of(even, most), SCALES);

    assertArrayEquals(joined(List.of(both), List.of(1.0)), together);
    assertFalse(Arrays.equals(joined(List.of(even), List.of(-2.0)), together));
  }

  @Test
  void joinedTensorsMultiplyToTheSumOfTheMembersProducts() {
    List<HostAdapter> hosts = List.of(even(), most());
    List<Double> scales = List.of(-1.7, 0.3);
    List<Adapter> branches = hosts.stream().map(this::branch).toList();
    try (AppliedAdapters joined = pipeline.adapterPlacement().joined(branches, scales);
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      TensorMap branch = joined.weights().branch();
      for (LinearLayer layer : layers()) {
        double[] sum = new double[(int) (layer.outputs() * layer.inputs())];
        addends(layer, scales).forEach(part -> add(sum, part));
        if (branch.names().contains(layer.module() + ".lora_A")) {
          float[] down = values(branch.array(layer.module() + ".lora_A"), manager);
          float[] up = values(branch.array(layer.module() + ".lora_B"), manager);
          double[] product = new double[sum.length];
          add(product, new Scaled(new Lora(layer, ranks(layer), down, up), 1));

          near(layer.module(), sum, product);
        } else {
          assertArrayEquals(new double[sum.length], sum, layer.module());
        }
      }
      assertEquals(1, joined.weights().strength());
    }
  }

  @Test
  void mergedWeightsAreTheSumInEveryLayer() {
    List<HostAdapter> hosts = List.of(even(), most());
    List<Double> scales = List.of(-1.7, 0.3);
    try (AppliedAdapters merged = pipeline.adapterPlacement().merged(hosts, scales);
        SafetensorsFile base =
            SafetensorsFile.open(MODEL.resolve("transformer/diffusion_pytorch_model.safetensors"));
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      for (LinearLayer layer : layers()) {
        float[] weight = base.floats(layer.module() + ".weight");
        double[] sum = new double[weight.length];
        Arrays.setAll(sum, i -> weight[i]);
        addends(layer, scales).forEach(part -> add(sum, part));
        float[] actual = values(merged.weights().base().array(layer.module() + ".weight"), manager);
        double[] widened = new double[sum.length];
        Arrays.setAll(widened, i -> actual[i]);

        near(layer.module(), sum, widened);
      }
    }
  }

  @Test
  void noAdapterAndScalesOfZeroDrawTheBasesBits() {
    List<HostAdapter> hosts = List.of(even(), most());
    float[] bare = draw();

    assertArrayEquals(bare, joined(List.of(), List.of()));
    assertArrayEquals(bare, joined(hosts, List.of(0.0, 0.0)));
    assertArrayEquals(bare, merged(hosts, List.of(0.0, 0.0)));
  }

  @Test
  void aMemberAtScaleZeroChangesNoBit() {
    HostAdapter even = even();
    HostAdapter most = most();
    float[] alone = joined(List.of(even), List.of(0.7));

    assertArrayEquals(alone, joined(List.of(even, most), List.of(0.7, 0.0)));
    assertArrayEquals(alone, joined(List.of(most, even), List.of(0.0, 0.7)));
  }

  @Test
  void oneAdapterIsDrawnWithByItsOwnTensorsAndTakesNoMoreMemory() {
    Adapter even = branch(even());
    int before = pipeline.liveArrays();
    try (AppliedAdapters alone = pipeline.adapterPlacement().joined(List.of(even), List.of(0.7))) {
      assertEquals(before, pipeline.liveArrays());
      assertEquals(even.weights(0.7), alone.weights());
    }
    pipeline.use(even.at(0.7));
    draw();
  }

  @Test
  void joinedAndMergedTensorsAreFreed() {
    List<HostAdapter> hosts = List.of(even(), most());
    List<Adapter> branches = hosts.stream().map(this::branch).toList();
    int before = pipeline.liveArrays();
    AppliedAdapters joined = pipeline.adapterPlacement().joined(branches, SCALES);
    AppliedAdapters merged = pipeline.adapterPlacement().merged(hosts, SCALES);
    assertTrue(pipeline.liveArrays() > before);

    joined.close();
    merged.close();

    assertEquals(before, pipeline.liveArrays());
  }

  @Test
  void tellsEveryMembersNameDigestWayAndScaleInOrder() {
    List<HostAdapter> hosts = List.of(most(), even());
    List<Adapter> branches = hosts.stream().map(this::branch).toList();
    AdapterPlacement placement = pipeline.adapterPlacement();
    try (AppliedAdapters joined = placement.joined(branches, SCALES);
        AppliedAdapters merged = placement.merged(hosts, SCALES)) {
      assertEquals(applied(hosts, Way.BRANCH), joined.adapters());
      assertEquals(applied(hosts, Way.MERGED), merged.adapters());
    }
  }

  private static List<Applied> applied(List<HostAdapter> hosts, Way way) {
    return IntStream.range(0, hosts.size())
        .mapToObj(i -> new Applied(hosts.get(i).name(), hosts.get(i).digest(), way, SCALES.get(i)))
        .toList();
  }

  private float[] joined(List<HostAdapter> hosts, List<Double> scales) {
    List<Adapter> branches = hosts.stream().map(this::branch).toList();
    try (AppliedAdapters joined = pipeline.adapterPlacement().joined(branches, scales)) {
      pipeline.use(joined);
      return draw();
    } finally {
      pipeline.useNone();
    }
  }

  private static float[] merged(List<HostAdapter> hosts, List<Double> scales) {
    try (AppliedAdapters merged = pipeline.adapterPlacement().merged(hosts, scales)) {
      pipeline.use(merged);
      return draw();
    } finally {
      pipeline.useNone();
    }
  }

  private Adapter branch(HostAdapter host) {
    Adapter branch = pipeline.adapterPlacement().branch(host);
    open.add(branch);
    return branch;
  }

  private static float[] draw() {
    try (Denoising run = pipeline.start(SHEET)) {
      while (!run.finished()) {
        run.step();
      }
      return run.progress().latents().values();
    }
  }

  private static List<LinearLayer> layers() {
    return ModelFolder.open(MODEL).transformer().linearLayers();
  }

  /** Rank 3, every other layer. */
  private HostAdapter even() {
    return write("even", 3, number -> number % 2 == 0);
  }

  /** Rank 5, two layers of three. One layer of six is in neither file. */
  private HostAdapter most() {
    return write("most", 5, number -> number % 3 != 0);
  }

  private HostAdapter write(String name, int rank, IntPredicate having) {
    Random random = new Random(name.hashCode());
    List<Lora> parts = new ArrayList<>();
    List<LinearLayer> layers = layers();
    for (int i = 0; i < layers.size(); i++) {
      if (having.test(i)) {
        LinearLayer layer = layers.get(i);
        parts.add(
            new Lora(
                layer,
                rank,
                noise(rank * layer.inputs(), random),
                noise(rank * layer.outputs(), random)));
      }
    }
    drawn.put(name, parts);
    return write(name, parts);
  }

  private static float[] noise(long length, Random random) {
    float[] values = new float[(int) length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.1 * random.nextGaussian());
    }
    return values;
  }

  private HostAdapter write(String name, List<Lora> parts) {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (Lora part : parts) {
      String key = "transformer." + part.layer().module();
      long rank = part.rank();
      writer.add(key + ".lora_A.weight", List.of(rank, part.layer().inputs()), part.down());
      writer.add(key + ".lora_B.weight", List.of(part.layer().outputs(), rank), part.up());
    }
    Path file = folder.resolve(name + ".safetensors");
    writer.write(file);
    return pipeline.adapterReader().read(file);
  }

  /** A part and the scale that it is drawn with. */
  private record Scaled(Lora lora, double scale) {}

  private List<Scaled> addends(LinearLayer layer, List<Double> scales) {
    List<Scaled> addends = new ArrayList<>();
    int member = 0;
    for (List<Lora> parts : drawn.values()) {
      double scale = scales.get(member++);
      parts.stream()
          .filter(part -> part.layer().equals(layer))
          .forEach(part -> addends.add(new Scaled(part, scale)));
    }
    return addends;
  }

  private int ranks(LinearLayer layer) {
    return addends(layer, SCALES).stream().mapToInt(part -> part.lora().rank()).sum();
  }

  /** All files as one: A one below the other, B side by side, each at its scale. */
  private List<Lora> concatenated() {
    List<Lora> whole = new ArrayList<>();
    for (LinearLayer layer : layers()) {
      List<Scaled> parts = addends(layer, SCALES);
      int rank = ranks(layer);
      float[] down = new float[(int) (rank * layer.inputs())];
      float[] up = new float[(int) (rank * layer.outputs())];
      int before = 0;
      for (Scaled part : parts) {
        Lora lora = part.lora();
        System.arraycopy(lora.down(), 0, down, (int) (before * layer.inputs()), lora.down().length);
        for (int row = 0; row < layer.outputs(); row++) {
          for (int i = 0; i < lora.rank(); i++) {
            up[row * rank + before + i] = (float) (part.scale() * lora.up()[row * lora.rank() + i]);
          }
        }
        before += lora.rank();
      }
      if (rank > 0) {
        whole.add(new Lora(layer, rank, down, up));
      }
    }
    return whole;
  }

  private static void add(double[] sum, Scaled part) {
    Lora lora = part.lora();
    int inputs = (int) lora.layer().inputs();
    for (int row = 0; row < lora.layer().outputs(); row++) {
      for (int i = 0; i < lora.rank(); i++) {
        double factor = part.scale() * lora.up()[row * lora.rank() + i];
        for (int column = 0; column < inputs; column++) {
          sum[row * inputs + column] += factor * lora.down()[i * inputs + column];
        }
      }
    }
  }

  private static float[] values(NDArray array, NDManager manager) {
    try (NDManager scratch = manager.newSubManager();
        Graph.Call call = Graph.load("cast", scratch).call("cast")) {
      return call.with(array).withNumber(6).tensor(scratch).toFloatArray();
    }
  }

  /** Relative to the norm: a few roundings of the type. */
  private void near(String what, double[] expected, double[] actual) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(expected[i] - actual[i], 2);
      size += Math.pow(expected[i], 2);
    }
    double error = Math.sqrt(difference / size);
    double allowed =
        switch (type) {
          case FLOAT32 -> 1e-6;
          case BFLOAT16 -> 6e-3;
        };
    assertTrue(error <= allowed, what + ": relative error " + error + " > " + allowed);
  }
}

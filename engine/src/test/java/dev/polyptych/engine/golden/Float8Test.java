package dev.polyptych.engine.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.adapter.AppliedAdapters;
import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.DeviceChoice;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Float8Products;
import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.engine.model.WeightSource;
import dev.polyptych.engine.plan.Decoding;
import dev.polyptych.engine.plan.MemoryPlan;
import dev.polyptych.engine.plan.TextPlace;
import dev.polyptych.weights.lora.HostAdapter;
import dev.polyptych.weights.model.ModelFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights that lie in float8, against the same values that lie wide. */
class Float8Test {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens").toAbsolutePath();
  private static final Path FILES = GOLDENS.resolve("files");
  private static final Path MODEL = Golden.DEV.model().toAbsolutePath();
  private static final MemoryPlan.Use NOTHING = new MemoryPlan.Use(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  @TempDir Path temporary;

  private record Drawn(float[] latents, byte[] pixels) {
    double distance(Drawn other) {
      double difference = 0;
      double size = 0;
      for (int i = 0; i < latents.length; i++) {
        difference += Math.pow(latents[i] - (double) other.latents[i], 2);
        size += Math.pow(latents[i], 2);
      }
      return Math.sqrt(difference / size);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "transformer-fp8, FLOAT32",
    "transformer-fp8, BFLOAT16",
    "transformer-scale_weight, FLOAT32",
    "transformer-scale_weight, BFLOAT16",
    "transformer-weight_scale, BFLOAT16"
  })
  void aFloat8FileDrawsTheSameBitsWhetherItLiesInFloat8OrWide(String transformer, ComputeType type)
      throws IOException {
    Path model = float8Model(transformer);

    Drawn wide = draw(model, options(type));
    Drawn float8 = draw(model, float8(type, Float8Products.WIDENED));

    assertSame(wide, float8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"layouts/peft-dora", "layouts/lokr", "layouts/differences"})
  void anAdapterOnFloat8WeightsDrawsTheSameBitsAsOnWideOnes(String layout) throws IOException {
    Path model = float8Model("transformer-scale_weight");
    Path file = GOLDENS.resolve(layout + ".safetensors");

    assertSame(
        branched(model, options(ComputeType.FLOAT32), file),
        branched(model, float8(ComputeType.FLOAT32, Float8Products.WIDENED), file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"layouts/peft-dora", "layouts/lokr", "layouts/differences"})
  void mergingIntoFloat8WeightsGivesTheWideLayersThatMergingIntoWideOnesGives(String layout)
      throws IOException {
    Path model = float8Model("transformer-weight_scale");
    Path file = GOLDENS.resolve(layout + ".safetensors");

    assertSame(
        merged(model, options(ComputeType.FLOAT32), file),
        merged(model, float8(ComputeType.FLOAT32, Float8Products.WIDENED), file));
  }

  @Test
  void aCpuHasNoProductInFloat8SoWeightsAreWidened() throws IOException {
    Path model = float8Model("transformer-fp8");

    assertSame(
        draw(model, float8(ComputeType.BFLOAT16, Float8Products.WIDENED)),
        draw(model, float8(ComputeType.BFLOAT16, Float8Products.AUTO)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Float8Products.class,
      names = {"WIDENED", "SCALED"})
  void wideWeightsThatAreRoundedAtLoadDrawNearlyTheSame(Float8Products products) {
    Drawn wide = draw(MODEL, options(ComputeType.FLOAT32));
    Drawn float8 = draw(MODEL, float8(ComputeType.FLOAT32, products));

    // Three bits of mantissa: each weight is off by up to 1/16, and by 1/40 on average.
    assertNotEquals(0, wide.distance(float8));
    assertTrue(wide.distance(float8) < 0.05, "distance " + wide.distance(float8));
  }

  @Test
  void productsInFloat8DifferFromWidenedOnes() {
    Drawn widened = draw(MODEL, float8(ComputeType.FLOAT32, Float8Products.WIDENED));
    Drawn scaled = draw(MODEL, float8(ComputeType.FLOAT32, Float8Products.SCALED));

    assertNotEquals(0, widened.distance(scaled));
  }

  @Test
  void aFileThatSaysFullPrecisionIsWidened() throws IOException {
    Path model = float8Model("transformer-scale_weight");
    Path full = fullPrecision(FILES.resolve("transformer-scale_weight.safetensors"));
    Path named = model(full, FILES.resolve("t5-scale_weight.safetensors"));

    Drawn widened = draw(model, float8(ComputeType.FLOAT32, Float8Products.WIDENED));

    assertSame(widened, draw(named, float8(ComputeType.FLOAT32, Float8Products.SCALED)));
    assertNotEquals(
        0, widened.distance(draw(model, float8(ComputeType.FLOAT32, Float8Products.SCALED))));
  }

  @ParameterizedTest
  @EnumSource(TextPlace.class)
  void textEncodersGiveTheSameBitsWhereverTheyAre(TextPlace place) throws IOException {
    Path model = float8Model("transformer-fp8");
    EngineOptions options = float8(ComputeType.FLOAT32, Float8Products.WIDENED);

    assertSame(
        draw(model, options),
        draw(model, options, plan(place, false, Decoding.WHOLE), pipeline -> base(pipeline)));
  }

  @Test
  void anAdapterOfTheTextEncodersDrawsTheSameWhereverTheyAre() {
    Path file = GOLDENS.resolve("layouts/text-kohya.safetensors");
    EngineOptions options = float8(ComputeType.FLOAT32, Float8Products.WIDENED);
    Drawn resident = branched(MODEL, options, file);
    for (TextPlace place : TextPlace.values()) {
      assertSame(
          resident,
          draw(
              MODEL,
              options,
              plan(place, false, Decoding.WHOLE),
              pipeline -> branched(pipeline, file)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"layouts/peft-dora", "layouts/lokr"})
  void modulationInHostMemoryDrawsTheSameBits(String layout) {
    Path file = GOLDENS.resolve(layout + ".safetensors");
    EngineOptions options = float8(ComputeType.FLOAT32, Float8Products.WIDENED);
    MemoryPlan moved = plan(TextPlace.MOVED, true, Decoding.WHOLE);

    assertSame(draw(MODEL, options), draw(MODEL, options, moved, pipeline -> base(pipeline)));
    assertSame(
        branched(MODEL, options, file),
        draw(MODEL, options, moved, pipeline -> branched(pipeline, file)));
    assertSame(
        merged(MODEL, options, file),
        draw(MODEL, options, moved, pipeline -> merged(pipeline, file)));
  }

  @Test
  void aSheetThatIsDecodedInStripsDiffersByLessThanALevel() {
    Drawn whole = draw(MODEL, options(ComputeType.FLOAT32));

    Drawn strips =
        draw(
            MODEL,
            options(ComputeType.FLOAT32),
            new MemoryPlan(
                WeightType.FLOAT32, TextPlace.RESIDENT, false, Decoding.STRIPS, NOTHING, 0),
            pipeline -> base(pipeline));

    assertArrayEquals(whole.latents(), strips.latents());
    int different = 0;
    for (int i = 0; i < whole.pixels().length; i++) {
      int levels = Math.abs((whole.pixels()[i] & 255) - (strips.pixels()[i] & 255));
      assertTrue(levels <= 1, "pixel " + i + " differs by " + levels);
      different += levels;
    }
    // A value on the edge between two levels may be rounded to the other one.
    assertTrue(different < whole.pixels().length / 1000, different + " pixels differ");
  }

  @Test
  void aRunOfFloat8LeaksNothing() throws IOException {
    Path model = float8Model("transformer-fp8");
    ModelFolder folder = ModelFolder.open(model);
    try (FluxPipeline pipeline =
        FluxPipeline.open(
            folder,
            WeightSource.files(),
            float8(ComputeType.FLOAT32, Float8Products.AUTO),
            plan(TextPlace.RELEASED, true, Decoding.STRIPS))) {
      base(pipeline);
      int before = pipeline.liveArrays();

      base(pipeline);

      assertEquals(before, pipeline.liveArrays());
    }
  }

  private static MemoryPlan plan(TextPlace text, boolean modulationMoved, Decoding decoding) {
    return new MemoryPlan(WeightType.FLOAT8, text, modulationMoved, decoding, NOTHING, 0);
  }

  private static EngineOptions options(ComputeType type) {
    return EngineOptions.cpu(type);
  }

  private static EngineOptions float8(ComputeType type, Float8Products products) {
    return new EngineOptions(
        DeviceChoice.CPU, Optional.of(type), WeightType.FLOAT8, products, Optional.empty(), 0);
  }

  private Path float8Model(String transformer) throws IOException {
    return model(
        FILES.resolve(transformer + ".safetensors"), FILES.resolve("t5-scale_weight.safetensors"));
  }

  private Path model(Path transformer, Path t5) throws IOException {
    Path file = temporary.resolve(transformer.getFileName() + ".yaml");
    return Files.writeString(
        file,
        String.join(
            "\n",
            "transformer: " + transformer,
            "clip: " + MODEL.resolve("text_encoder"),
            "t5: " + t5,
            "vae: " + MODEL.resolve("vae"),
            "config: " + MODEL,
            "tokenizers: " + MODEL));
  }

  /** The same file, in whose metadata each layer asks for wide operands. */
  private Path fullPrecision(Path file) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[Math.toIntExact(content.getLong())];
    content.get(header);
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = (ObjectNode) json.readTree(header);
    ObjectNode table = json.createObjectNode();
    ObjectNode layers = table.putObject("layers");
    root.fieldNames()
        .forEachRemaining(
            name ->
                layers
                    .putObject(name.replaceFirst("\\.weight$", ""))
                    .put("format", "float8_e4m3fn")
                    .put("full_precision_matrix_mult", true));
    root.putObject("__metadata__").put("_quantization_metadata", table.toString());
    byte[] changed = json.writeValueAsBytes(root);
    ByteBuffer out =
        ByteBuffer.allocate(Long.BYTES + changed.length + content.remaining())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(changed.length)
            .put(changed)
            .put(content);
    return Files.write(temporary.resolve("full.safetensors"), out.array());
  }

  private static Drawn draw(Path model, EngineOptions options) {
    try (FluxPipeline pipeline = FluxPipeline.open(model, options)) {
      return base(pipeline);
    }
  }

  private static Drawn draw(
      Path model, EngineOptions options, MemoryPlan plan, Function<FluxPipeline, Drawn> drawing) {
    try (FluxPipeline pipeline =
        FluxPipeline.open(ModelFolder.open(model), WeightSource.files(), options, plan)) {
      return drawing.apply(pipeline);
    }
  }

  private static Drawn branched(Path model, EngineOptions options, Path adapter) {
    try (FluxPipeline pipeline = FluxPipeline.open(model, options)) {
      return branched(pipeline, adapter);
    }
  }

  private static Drawn branched(FluxPipeline pipeline, Path file) {
    try (Adapter adapter = pipeline.readAdapter(file)) {
      pipeline.use(adapter.at(0.75));
      return base(pipeline);
    }
  }

  private static Drawn merged(Path model, EngineOptions options, Path adapter) {
    try (FluxPipeline pipeline = FluxPipeline.open(model, options)) {
      return merged(pipeline, adapter);
    }
  }

  private static Drawn merged(FluxPipeline pipeline, Path file) {
    HostAdapter host = pipeline.adapterReader().read(file);
    try (AppliedAdapters merged =
        pipeline.adapterPlacement().merged(List.of(host), List.of(0.75))) {
      pipeline.use(merged);
      return base(pipeline);
    }
  }

  private static Drawn base(FluxPipeline pipeline) {
    DenoiseRequest request =
        new DenoiseRequest(
            List.copyOf(Golden.prompts()).getFirst(),
            Golden.WIDTH,
            Golden.HEIGHT,
            Golden.STEPS,
            Golden.GUIDANCE,
            7);
    try (Denoising run = pipeline.start(request)) {
      while (!run.finished()) {
        run.step();
      }
      return new Drawn(run.progress().latents().values(), run.decode().rgb());
    }
  }

  private static void assertSame(Drawn expected, Drawn drawn) {
    assertArrayEquals(expected.latents(), drawn.latents());
    assertArrayEquals(expected.pixels(), drawn.pixels());
  }
}

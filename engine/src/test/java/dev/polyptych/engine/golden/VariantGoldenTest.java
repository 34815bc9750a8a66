package dev.polyptych.engine.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.denoise.PackedLatents;
import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.ModelInspection;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * FLUX.1's variants and ways to use references ({@code make_variant_goldens.py}). Each variant is
 * the "dev" folder with few changes.
 */
class VariantGoldenTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens").toAbsolutePath();
  private static final Path VARIANTS = GOLDENS.resolve("variants");
  private static final Path DEV = Golden.DEV.model().toAbsolutePath();
  private static final String EMBEDDER = "x_embedder.weight";
  private static final int STEPS = 3;
  private static final double FILL_GUIDANCE = 30;

  @TempDir static Path folders;

  private static Path fill;

  /** A sheet of the goldens. */
  enum Sheet {
    COLUMN,
    SQUARE;

    Layout layout() {
      return this == COLUMN ? new Layout(3, 1, 64, 32) : new Layout(2, 2, 48, 32);
    }

    Set<Integer> kept() {
      return this == COLUMN ? Set.of(2) : Set.of(1, 4);
    }

    String named(String name) {
      return name().toLowerCase(java.util.Locale.ROOT) + "." + name;
    }

    DenoiseRequest request(int steps, double guidance) {
      return new DenoiseRequest(
          Golden.prompts().getFirst(),
          layout().sheetWidth(),
          layout().sheetHeight(),
          steps,
          guidance,
          0);
    }

    SheetPixels pixels() {
      float[] values = expected(named("sheet"));
      byte[] rgb = new byte[values.length];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) values[i];
      }
      return new SheetPixels(layout().sheetWidth(), layout().sheetHeight(), rgb);
    }

    ReferenceSheet reference(ReferenceMethod method, double strength) {
      return new ReferenceSheet(pixels(), layout(), kept(), strength, method);
    }

    PackedLatents noise() {
      float[] noise = expected(named("noise"));
      int tokens = layout().tokens(16);
      return new PackedLatents(tokens, noise.length / tokens, noise);
    }
  }

  @BeforeAll
  static void writesFill() throws IOException {
    fill = folders.resolve("fill");
    copyDev(fill);
    Path weights = Path.of("transformer/diffusion_pytorch_model.safetensors");
    replaced(DEV.resolve(weights), EMBEDDER, name -> true).write(fill.resolve(weights));
    change(
        fill.resolve("transformer/config.json"),
        config -> config.put("in_channels", 384).put("out_channels", 64));
    change(fill.resolve("model_index.json"), index -> index.put("_class_name", "FluxFillPipeline"));
  }

  @ParameterizedTest
  @CsvSource({"COLUMN, 1.0", "COLUMN, 0.6", "SQUARE, 1.0", "SQUARE, 0.6"})
  void fillReadsTheKeptPanelsAsTheReferenceDoes(Sheet sheet, double strength) {
    try (FluxPipeline pipeline = open(fill)) {
      ReferenceSheet reference = sheet.reference(ReferenceMethod.CONDITION, strength);

      compare(pipeline, sheet, "condition." + strength, reference);
    }
  }

  @ParameterizedTest
  @EnumSource(Sheet.class)
  void fillDrawsEverythingWithoutAReference(Sheet sheet) {
    try (FluxPipeline pipeline = open(fill);
        Denoising run = pipeline.start(sheet.request(STEPS, FILL_GUIDANCE), sheet.noise())) {
      check(sheet.named("text"), expected(sheet.named("text.pixels")), run);
    }
  }

  @ParameterizedTest
  @EnumSource(Sheet.class)
  void fillDrawsByMaskedSdeditUnderAMaskOfAll(Sheet sheet) {
    try (FluxPipeline pipeline = open(fill)) {
      compare(pipeline, sheet, "sdedit", sheet.reference(ReferenceMethod.SDEDIT, 1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "COLUMN, fill-adapter",
    "SQUARE, fill-adapter",
    "COLUMN, alpha",
    "SQUARE, alpha",
  })
  void fillDrawsWithAdaptersForItAndForDev(Sheet sheet, String name) {
    Path file = VARIANTS.resolve(name + ".safetensors");
    try (FluxPipeline pipeline = open(fill);
        Adapter adapter =
            pipeline.readAdapter(Files.exists(file) ? file : Golden.DEV.adapter(name))) {
      pipeline.use(adapter.at(1));

      compare(pipeline, sheet, name, sheet.reference(ReferenceMethod.CONDITION, 1));
    }
  }

  @ParameterizedTest
  @EnumSource(Sheet.class)
  void aCleanReferenceStaysOnTheSheetAsInTheReference(Sheet sheet) {
    try (FluxPipeline pipeline = open(DEV);
        Denoising run =
            pipeline.start(
                sheet
                    .request(STEPS, Golden.GUIDANCE)
                    .from(sheet.reference(ReferenceMethod.CLEAN, 1)),
                sheet.noise())) {
      check(sheet.named("clean"), pasted(sheet, sheet.named("clean.pixels")), run);
    }
  }

  @ParameterizedTest
  @EnumSource(ReferenceMethod.class)
  void givesBackTheKeptPanelsOwnPixels(ReferenceMethod method) {
    Sheet sheet = Sheet.COLUMN;
    try (FluxPipeline pipeline = open(fill);
        Denoising run =
            pipeline.start(sheet.request(STEPS, FILL_GUIDANCE).from(sheet.reference(method, 1)))) {
      finish(run);

      byte[] own = sheet.pixels().rgb();
      byte[] drawn = run.decode().rgb();
      int panel = own.length / 3;
      assertArrayEquals(
          Arrays.copyOfRange(own, panel, 2 * panel), Arrays.copyOfRange(drawn, panel, 2 * panel));
    }
  }

  @ParameterizedTest
  @EnumSource(ReferenceMethod.class)
  void aResumedRunDrawsTheSameBits(ReferenceMethod method) {
    Sheet sheet = Sheet.SQUARE;
    DenoiseRequest request = sheet.request(STEPS, FILL_GUIDANCE).from(sheet.reference(method, 0.6));
    try (FluxPipeline pipeline = open(fill);
        Denoising whole = pipeline.start(request)) {
      whole.step();
      try (Denoising resumed = pipeline.resume(request, whole.progress())) {
        finish(whole);
        finish(resumed);

        assertArrayEquals(
            whole.progress().latents().values(), resumed.progress().latents().values());
      }
    }
  }

  @Test
  void aStepCacheThatReusesNothingDrawsTheSameBits() {
    DenoiseRequest request =
        Sheet.SQUARE
            .request(STEPS, FILL_GUIDANCE)
            .from(Sheet.SQUARE.reference(ReferenceMethod.CONDITION, 1));
    try (FluxPipeline pipeline = open(fill);
        Denoising plain = pipeline.start(request);
        Denoising cached =
            pipeline.start(request.with(StepCache.read("first-block:0.000001").orElseThrow()))) {
      finish(plain);
      finish(cached);

      assertArrayEquals(plain.progress().latents().values(), cached.progress().latents().values());
    }
  }

  @Test
  void conditionNeedsAModelThatReadsReferences() {
    DenoiseRequest request =
        Sheet.SQUARE
            .request(STEPS, Golden.GUIDANCE)
            .from(Sheet.SQUARE.reference(ReferenceMethod.CONDITION, 1));
    try (FluxPipeline pipeline = open(DEV)) {
      var refusal = assertThrows(IllegalArgumentException.class, () -> pipeline.start(request));

      assertTrue(refusal.getMessage().contains("use sdedit or clean"), refusal.getMessage());
    }
  }

  static Stream<Predicate<String>> parts() {
    return Stream.of(key -> true, key -> key.startsWith("model.diffusion_model."));
  }

  @ParameterizedTest
  @MethodSource("parts")
  void fillIsReadFromFilesOfOtherTools(Predicate<String> keys) throws IOException {
    Path file = folders.resolve("fill.safetensors");
    replaced(
            GOLDENS.resolve("files/all-in-one.safetensors"),
            "model.diffusion_model.img_in.weight",
            keys)
        .write(file);
    boolean whole = keys.test("vae");
    Path model =
        Files.write(
            folders.resolve("fill.yaml"),
            Stream.concat(
                    Stream.of("transformer: " + file, "config: " + fill, "tokenizers: " + DEV),
                    whole
                        ? Stream.empty()
                        : Stream.of(
                            "clip: " + DEV.resolve("text_encoder"),
                            "t5: " + DEV.resolve("text_encoder_2"),
                            "vae: " + DEV.resolve("vae")))
                .toList());

    assertEquals(
        Optional.of("FLUX.1 Fill (in-painting)"),
        ModelInspection.of(model).model().map(ModelFolder::family));
    try (FluxPipeline pipeline = open(model)) {
      Sheet sheet = Sheet.SQUARE;
      compare(pipeline, sheet, "condition.1.0", sheet.reference(ReferenceMethod.CONDITION, 1));
    }
  }

  @Test
  void kreaDrawsAsDevDoes() {
    try (FluxPipeline pipeline = open(DEV);
        Denoising run = pipeline.start(Sheet.SQUARE.request(STEPS, 4.5), Sheet.SQUARE.noise())) {
      check("krea", expected("krea.pixels"), run);
    }
  }

  @Test
  void schnellHasNoGuidanceNoShiftAnd256TextTokens() throws IOException {
    Path schnell = folders.resolve("schnell");
    copyDev(schnell);
    Path weights = Path.of("transformer/diffusion_pytorch_model.safetensors");
    Path whole = DEV.resolve(weights);
    replaced(whole, "", name -> !name.contains("guidance_embedder"))
        .write(schnell.resolve(weights));
    change(
        schnell.resolve("transformer/config.json"), config -> config.put("guidance_embeds", false));
    change(
        schnell.resolve("scheduler/scheduler_config.json"),
        config -> config.put("use_dynamic_shifting", false).put("shift", 1.0));
    // As published: the tokenizer would take 512.
    change(
        schnell.resolve("tokenizer_2/tokenizer_config.json"),
        config -> config.put("model_max_length", 512));

    try (FluxPipeline pipeline = open(schnell);
        Denoising run =
            pipeline.start(Sheet.SQUARE.request(4, Golden.GUIDANCE), Sheet.SQUARE.noise())) {
      assertEquals(256, pipeline.textTokens());
      assertEquals(1, run.schedule().shift());
      check("schnell", expected("schnell.pixels"), run);
    }
  }

  private static void compare(
      FluxPipeline pipeline, Sheet sheet, String name, ReferenceSheet reference) {
    DenoiseRequest request = sheet.request(STEPS, FILL_GUIDANCE).from(reference);
    try (Denoising run = pipeline.start(request, sheet.noise())) {
      check(sheet.named(name), pasted(sheet, sheet.named(name + ".pixels")), run);
    }
  }

  private static void check(String name, float[] pixels, Denoising run) {
    finish(run);
    float[] latents = run.progress().latents().values();
    Tolerance.check(name, ComputeType.FLOAT32, expected(name + ".latents"), latents);
    Tolerance.checkPicture(name, pixels, run.decode().rgb());
  }

  /** The reference's picture with the kept panels' own pixels, which only we paste. */
  private static float[] pasted(Sheet sheet, String name) {
    float[] values = expected(name);
    byte[] rgb = new byte[values.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) values[i];
    }
    int width = sheet.layout().sheetWidth();
    SheetPixels drawn = new SheetPixels(width, sheet.layout().sheetHeight(), rgb);
    byte[] whole = sheet.reference(ReferenceMethod.SDEDIT, 1).paste(drawn).rgb();
    for (int i = 0; i < rgb.length; i++) {
      values[i] = whole[i] & 255;
    }
    return values;
  }

  private static void finish(Denoising run) {
    while (!run.finished()) {
      run.step();
    }
  }

  private static FluxPipeline open(Path model) {
    return FluxPipeline.open(model, EngineOptions.cpu(ComputeType.FLOAT32));
  }

  private static float[] expected(String name) {
    try (SafetensorsFile file = SafetensorsFile.open(VARIANTS.resolve("expected.safetensors"))) {
      return file.floats(name);
    }
  }

  private static void copyDev(Path target) throws IOException {
    try (Stream<Path> files = Files.walk(DEV)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = target.resolve(DEV.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  /** Some tensors of a file, one of them replaced by Fill's embedder. */
  private static SafetensorsWriter replaced(Path from, String key, Predicate<String> keys) {
    SafetensorsWriter writer = new SafetensorsWriter();
    try (SafetensorsFile file = SafetensorsFile.open(from);
        SafetensorsFile embedder =
            SafetensorsFile.open(VARIANTS.resolve("fill-embedder.safetensors"))) {
      for (String name : file.names()) {
        SafetensorsFile source = name.equals(key) ? embedder : file;
        String stored = name.equals(key) ? EMBEDDER : name;
        if (keys.test(name)) {
          List<Long> shape = source.entry(stored).shape();
          writer.add(name, shape, source.floats(stored));
        }
      }
    }
    return writer;
  }

  private static void change(Path file, Consumer<ObjectNode> change) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode content = (ObjectNode) json.readTree(file.toFile());
    change.accept(content);
    json.writeValue(file.toFile(), content);
  }
}

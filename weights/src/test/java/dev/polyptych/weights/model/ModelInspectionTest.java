package dev.polyptych.weights.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.weights.model.ModelInspection.Found;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import dev.polyptych.weights.safetensors.TensorType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelInspectionTest {
  private static final ModelFolder DEV = ModelFolder.fluxDev();
  private static final String COMFY = "model.diffusion_model.";

  @TempDir Path folder;

  @Test
  void findsEveryPartOfAnAllInOneFile() throws IOException {
    Path file = allInOne().write(folder.resolve("model.safetensors"));

    ModelInspection inspection = ModelInspection.of(file);

    assertEquals(List.of(), inspection.problems());
    ModelFolder model = inspection.model().orElseThrow();
    assertEquals(DEV.transformer(), model.transformer());
    assertEquals(DEV.clip(), model.clip());
    assertEquals(DEV.t5(), model.t5());
    assertEquals(DEV.autoencoder(), model.autoencoder());
    assertEquals(DEV.scheduler(), model.scheduler());
    Found transformer = inspection.found().getFirst();
    assertEquals("BFL's names behind " + COMFY, transformer.naming());
    assertEquals(Map.of(TensorType.F8_E4M3, 11_901_408_320L), transformer.bytes());
    assertEquals(11_901_408_320L, transformer.size());
  }

  @Test
  void knowsSchnellByItsMissingGuidance() throws IOException {
    Path file = allInOne().without(COMFY + "guidance_in").write(folder.resolve("model"));

    ModelFolder model = ModelInspection.of(file).model().orElseThrow();

    assertEquals("FLUX.1-schnell", model.family());
    assertEquals(new SchedulerConfig(false, 1, 0.5, 1.15, 256, 4096), model.scheduler());
  }

  @Test
  void readsTheSameModelUnderTheNamesOfDiffusers() throws IOException {
    PublishedModel written = new PublishedModel("BF16", 2);
    for (Network network : Network.values()) {
      String prefix = network == Network.TRANSFORMER ? "" : network.prefixes().get(1);
      written.with(network, DEV.tensors(network), Naming.DIFFUSERS, prefix);
    }

    ModelInspection inspection = ModelInspection.of(written.write(folder.resolve("model")));

    assertEquals(List.of(), inspection.problems());
    assertEquals(DEV.transformer(), inspection.model().orElseThrow().transformer());
    assertEquals(DEV.autoencoder(), inspection.model().orElseThrow().autoencoder());
  }

  @Test
  void namesThePartsThatATransformerAloneLacks() throws IOException {
    Path file =
        new PublishedModel("BF16", 2)
            .with(Network.TRANSFORMER, DEV.transformer().tensors(), Naming.BFL, "")
            .write(folder.resolve("flux1-dev.safetensors"));

    ModelInspection inspection = ModelInspection.of(file);

    assertEquals(1, inspection.found().size());
    assertEquals(23_802_816_640L, inspection.found().getFirst().size());
    for (String part : List.of("clip", "t5", "vae")) {
      assertTrue(
          inspection.problems().stream().anyMatch(problem -> problem.contains("'" + part + ": ")),
          inspection.problems().toString());
    }
  }

  @Test
  void knowsFillByItsInputs() throws IOException {
    Path file = allInOne().with(COMFY + "img_in.weight", 3072L, 384L).write(folder.resolve("fill"));

    ModelInspection inspection = ModelInspection.of(file);

    assertEquals(List.of(), inspection.problems());
    ModelFolder fill = inspection.model().orElseThrow();
    assertEquals("FLUX.1 Fill (in-painting)", fill.family());
    assertEquals(384, fill.transformer().inputs());
    assertEquals(256, fill.transformer().maskChannels());
    assertEquals(DEV.scheduler(), fill.scheduler());
    assertEquals(512, fill.textTokens());
  }

  @Test
  void refusesControlModelsByTheirInputs() throws IOException {
    Path file = allInOne().with(COMFY + "img_in.weight", 3072L, 128L).write(folder.resolve("c"));

    assertWrong(file, "128 input and 64 output channels", "a control model", "use a text-to-image");
  }

  @Test
  void refusesAMaskOfAnotherSize() throws IOException {
    Path file = allInOne().with(COMFY + "img_in.weight", 3072L, 192L).write(folder.resolve("m"));

    assertWrong(file, "in_channels = 192", "noise, masked picture and mask is 384", "one model");
  }

  @Test
  void namesATensorOfAnotherShape() throws IOException {
    String key = COMFY + "double_blocks.7.txt_attn.qkv.weight";
    Path file = allInOne().with(key, 3072L, 3072L).write(folder.resolve("model"));

    assertWrong(file, key, "of shape [3072, 3072]", "[9216, 3072]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version https://git-lfs.github.com/spec/v1 | is a git-lfs pointer | git lfs pull",
        "<!DOCTYPE html><html> | is a web page | log in",
        "GGUF and more | is a GGUF file, which is not supported yet | safetensors",
        "PK\u0003\u0004 zip | is a PyTorch pickle | safetensors",
        "'' | is empty | download it again",
        "some words | is neither safetensors nor a model file | name the parts",
        "{ | is neither safetensors nor YAML | download it again",
        "transfomer: x | unknown key 'transfomer' | the keys are",
        "vae: none.safetensors | which is missing | correct the path",
        "vae: [1] | has no path at 'vae' | give a file"
      })
  void recognisesWhatIsNoModel(String content, String problem, String remedy) throws IOException {
    Path file = folder.resolve("flux1-dev.safetensors");
    Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));

    assertWrong(file, problem, remedy);
  }

  @Test
  void recognisesATruncatedFile() throws IOException {
    Path file = allInOne().write(folder.resolve("model"));
    try (RandomAccessFile shortened = new RandomAccessFile(file.toFile(), "rw")) {
      shortened.setLength(shortened.length() - 1);
    }

    assertWrong(file, "truncated?", "download this part of the model again");
  }

  @Test
  void recognisesAPointerInAFolder() throws IOException {
    Path model = folder.resolve("model");
    for (Network network : Network.values()) {
      Files.createDirectories(model.resolve(network.folder()));
    }
    Path weights = model.resolve("vae/diffusion_pytorch_model.safetensors");
    Files.writeString(weights, "version https://git-lfs.github.com/spec/v1\n");

    assertWrong(model, weights + " is a git-lfs pointer");
  }

  @Test
  void namesAnotherFamily() throws IOException {
    Path file = folder.resolve("flux2.safetensors");
    new SafetensorsWriter()
        .add("double_stream_modulation_img.lin.weight", List.of(1L), new float[1])
        .write(file);

    assertWrong(file, "is FLUX.2, which is not supported yet", "use a FLUX.1 model");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "comfy_quant | {\"format\": \"nvfp4\"} | in the format nvfp4, which is not read",
        "comfy_quant | {\"form | has no readable JSON in 'model.diffusion_model.img_in.comfy_quant'"
      })
  void namesAQuantisationThatIsNotRead(String end, String text, String problem) throws IOException {
    PublishedModel written = allInOne().text(COMFY + "img_in." + end, text);

    assertWrong(written.write(folder.resolve("model")), problem);
  }

  @Test
  void refusesAScaleOfEachRow() throws IOException {
    Path file =
        allInOne().with(COMFY + "img_in.weight_scale", 3072L, 1L).write(folder.resolve("model"));

    assertWrong(file, "has scale '" + COMFY + "img_in.weight_scale'", "one scale for each tensor");
  }

  @Test
  void digestsEachFileOnce() throws IOException {
    Path file = folder.resolve("all.safetensors");
    new SafetensorsWriter()
        .add("img_in.weight", List.of(1L), new float[1])
        .add("vae.decoder.mid.block_1.norm1.weight", List.of(1L), new float[1])
        .write(file);
    Path parts = Files.writeString(folder.resolve("model.yaml"), "transformer: all.safetensors\n");

    assertEquals(Set.of("all.safetensors"), ModelFile.read(file).digests().files().keySet());
    assertEquals(
        Set.of("model.yaml", "transformer/all.safetensors"),
        ModelFile.read(parts).digests().files().keySet());
  }

  private static void assertWrong(Path file, String... parts) {
    ModelInspection inspection = ModelInspection.of(file);
    for (String part : parts) {
      assertTrue(
          inspection.problems().stream().anyMatch(problem -> problem.contains(part)),
          part + " in " + inspection.problems());
    }
  }

  private static PublishedModel allInOne() {
    return new PublishedModel("F8_E4M3", 1)
        .with(Network.TRANSFORMER, DEV.transformer().tensors(), Naming.BFL, COMFY)
        .with(
            Network.CLIP,
            DEV.clip().tensors(),
            Naming.TEXT_MODEL,
            "text_encoders.clip_l.transformer.")
        .with(Network.T5, DEV.t5().tensors(), Naming.DIFFUSERS, "text_encoders.t5xxl.transformer.")
        .with(Network.VAE, DEV.autoencoder().tensors(), Naming.BFL, "vae.");
  }
}

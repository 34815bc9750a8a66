package dev.polyptych.weights.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polyptych.weights.digest.Sha256;
import dev.polyptych.weights.model.ModelFolderException;
import dev.polyptych.weights.model.TransformerConfig;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks of adapter files for a geometry alone, and for none. */
class AdapterCheckTest {
  private static final String QUERY = "transformer.transformer_blocks.0.attn.to_q";
  private static final String FUSED = "lora_unet_double_blocks_0_img_attn_qkv";
  private static final AdapterReader READER =
      new AdapterReader(
          TransformerConfig.of("tiny", tiny("src/test/resources/tiny/transformer/config.json")));

  @TempDir Path folder;

  @Test
  void theFactsAreThoseOfTheAdapterThatIsRead() throws IOException {
    // Given
    float[] up = new float[192 * 6];
    for (int row = 0; row < 192; row++) {
      up[row * 6 + 2 * (row / 64)] = 1 + row;
    }
    Path file = written(pair(FUSED, ".lora_down", ".lora_up", 6, 64, 192, up));
    HostAdapter read = READER.read(file);
    // When
    AdapterFacts facts = READER.check(file);
    // Then
    assertEquals(
        new AdapterFacts(read.digest(), Files.size(file), read.rank(), read.modules()), facts);
    assertEquals(Sha256.of(file), facts.sha256());
    assertEquals(2, facts.rank());
    assertEquals(3, facts.modules());
  }

  @Test
  void withoutAModelTheNamesAndShapesOfTheFileCount() throws IOException {
    // Given
    SafetensorsWriter writer = pair("transformer.any.layer", 5, 7, 11, filled(55));
    writer.add("transformer.other.lora_A.weight", List.of(3L, 9L), filled(27));
    writer.add("transformer.other.lora_B.weight", List.of(2L, 3L), filled(6));
    Path file = written(writer);
    // When
    AdapterFacts facts = AdapterReader.checkForAnyModel(file);
    // Then
    assertEquals(new AdapterFacts(Sha256.of(file), Files.size(file), 5, 2), facts);
    assertRefused(() -> READER.check(file), "any.layer.lora_A.weight' names no linear layer");
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void whatIsWrongInItselfIsRefusedWithAndWithoutAModel(boolean model) throws IOException {
    SafetensorsWriter lone =
        new SafetensorsWriter().add(QUERY + ".lora_A.weight", List.of(4L, 64L), filled(256));
    assertRefused(lone, model, "has no counterpart");
    SafetensorsWriter ranks =
        new SafetensorsWriter()
            .add(QUERY + ".lora_A.weight", List.of(4L, 64L), filled(256))
            .add(QUERY + ".lora_B.weight", List.of(64L, 8L), filled(512));
    assertRefused(ranks, model, "lora_B.weight' has shape [64, 8]");
    float[] infinite = filled(256);
    infinite[99] = Float.POSITIVE_INFINITY;
    assertRefused(pair(QUERY, 4, 64, 64, infinite), model, "not finite");
    assertRefused(pair(QUERY, 4, 64, 64, new float[256]), model, "has no effect");
    assertRefused(
        pair(QUERY, 4, 64, 64, filled(256)).add(QUERY + ".alpha", List.of(), new float[1]),
        model,
        "has no effect");
    assertRefused(
        pair(QUERY, 4, 64, 64, filled(256)).add("spare", List.of(1L), filled(1)),
        model,
        "'spare' belongs to no pair");
    assertRefused(
        pair(QUERY, 4, 64, 64, filled(256))
            .add(QUERY + ".lora_magnitude_vector", List.of(32L), filled(32)),
        model,
        "has shape [32], but this model needs [64], [64, 1] or [1, 64]");
    assertRefused(
        new SafetensorsWriter().add("a.b", List.of(1L), filled(1)), model, "no LoRA layout");
    SafetensorsWriter flat =
        new SafetensorsWriter()
            .add(QUERY + ".lora_A.weight", List.of(256L), filled(256))
            .add(QUERY + ".lora_B.weight", List.of(64L, 4L), filled(256));
    assertRefused(flat, model, "lora_A.weight' has shape [256]");
    SafetensorsWriter empty =
        new SafetensorsWriter()
            .add(QUERY + ".lora_A.weight", List.of(1L << 40, 0L), new float[0])
            .add(QUERY + ".lora_B.weight", List.of(0L, 1L << 40), new float[0]);
    assertRefused(empty, model, "lora_A.weight' has shape [1099511627776, 0]");
  }

  @Test
  void anotherGeometryRefusesWithTheFirstWrongKey() throws IOException {
    Path file = written(pair(QUERY, 4, 32, 64, filled(256)));

    assertRefused(() -> READER.check(file), "has shape [4, 32], but this model needs [4, 64]");
    assertEquals(4, AdapterReader.checkForAnyModel(file).rank());
  }

  @Test
  void aProblemCanBeToldWithoutOurFolders() throws IOException {
    Path file = written(pair(QUERY, 4, 32, 64, filled(256)));
    Path text = Files.writeString(folder.resolve("page"), "<!doctype html>");

    for (Path wrong : List.of(file, text, folder.resolve("none"))) {
      var refused = assertThrows(AdapterException.class, () -> READER.check(wrong));
      String problem = refused.problemOf(wrong);
      assertTrue(!problem.contains(folder.toString()) && problem.length() > 20, problem);
    }
  }

  @Test
  void aGeometryThatIsNoneIsRefused() throws IOException {
    ObjectMapper json = new ObjectMapper();

    for (String wrong : List.of("[]", "{\"in_channels\": 0}", "{\"_class_name\": \"UNet\"}")) {
      JsonNode content = json.readTree(wrong);
      var refused =
          assertThrows(ModelFolderException.class, () -> TransformerConfig.of("mine", content));
      assertTrue(refused.getMessage().startsWith("mine"), refused::getMessage);
    }
  }

  /** In a JVM whose heap is a sixth of the file. */
  @Test
  void aLargeFileTakesLittleHeap() throws Exception {
    // Given
    Path file = large(200);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                LargeCheck.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    // When
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // Then
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(0, process.exitValue(), told);
    assertTrue(told.contains("rank=512, modules=200"), told);
  }

  /** Of bfloat16: pairs of 512 × 512, of which only the last has values. */
  private Path large(int pairs) throws IOException {
    Path file = folder.resolve("large.safetensors");
    int bytes = 512 * 512 * 2;
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < 2 * pairs; i++) {
      header.append(
          "%s\"transformer.layer.%d.lora_%s.weight\":{\"dtype\":\"BF16\",\"shape\":[512,512],\"data_offsets\":[%d,%d]}"
              .formatted(
                  i == 0 ? "" : ",",
                  i / 2,
                  i % 2 == 0 ? "A" : "B",
                  (long) i * bytes,
                  (i + 1L) * bytes));
    }
    byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer head = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(json.length).put(json).flip();
    byte[] values = new byte[2 * bytes];
    Arrays.fill(values, (byte) 0x3f);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(head);
      channel.write(ByteBuffer.wrap(values), head.capacity() + 2L * (pairs - 1) * bytes);
    }
    return file;
  }

  /** The other JVM's program. */
  static final class LargeCheck {
    private LargeCheck() {}

    public static void main(String[] arguments) {
      System.out.println(AdapterReader.checkForAnyModel(Path.of(arguments[0])));
    }
  }

  private void assertRefused(SafetensorsWriter writer, boolean model, String problem)
      throws IOException {
    Path file = written(writer);
    assertRefused(
        () -> {
          AdapterFacts facts = model ? READER.check(file) : AdapterReader.checkForAnyModel(file);
          throw new AssertionError("took " + facts);
        },
        problem);
  }

  private static void assertRefused(Runnable check, String problem) {
    var refused = assertThrows(AdapterException.class, check::run);
    assertTrue(refused.getMessage().contains(problem), refused::getMessage);
  }

  private Path written(SafetensorsWriter writer) throws IOException {
    Path file = Files.createTempFile(folder, "lora", ".safetensors");
    writer.write(file);
    return file;
  }

  private static SafetensorsWriter pair(
      String layer, int rank, int inputs, int outputs, float[] up) {
    return pair(layer, ".lora_A", ".lora_B", rank, inputs, outputs, up);
  }

  private static SafetensorsWriter pair(
      String layer, String a, String b, long rank, long inputs, long outputs, float[] up) {
    return new SafetensorsWriter()
        .add(layer + a + ".weight", List.of(rank, inputs), filled((int) (rank * inputs)))
        .add(layer + b + ".weight", List.of(outputs, rank), up);
  }

  private static float[] filled(int length) {
    float[] values = new float[length];
    Arrays.fill(values, 0.5f);
    return values;
  }

  private static JsonNode tiny(String file) {
    try {
      return new ObjectMapper().readTree(Path.of(file).toFile());
    } catch (IOException missing) {
      throw new IllegalStateException(missing);
    }
  }
}

package dev.polyptych.weights.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
  @TempDir Path folder;

  @Test
  void readsWhatTheWriterWrote() {
    Path path = folder.resolve("written.safetensors");
    float[] values = {1, -2.5f, 3e-3f, 4, 5, 6};
    new SafetensorsWriter()
        .add("whole", List.of(2L, 3L), values)
        .addHalf("half", List.of(3L), new float[] {0.5f, -1, 2})
        .add("scalar", List.of(), new float[] {7})
        .write(path);

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertEquals(List.of("whole", "half", "scalar"), List.copyOf(file.names()));
      assertEquals(List.of(2L, 3L), file.entry("whole").shape());
      assertArrayEquals(values, file.floats("whole"));
      assertArrayEquals(new float[] {0.5f, -1, 2}, file.floats("half"));
      assertArrayEquals(new float[] {7}, file.floats("scalar"));
    }
  }

  @Test
  void readsMetadataAndBfloat16() throws IOException {
    Path path =
        file(
            "{'__metadata__':{'format':'pt'},'a':{'dtype':'BF16','shape':[2],'data_offsets':[0,4]}}",
            new byte[] {0x40, 0x3F, 0x20, (byte) 0xC0});

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertEquals(Map.of("format", "pt"), file.metadata());
      assertArrayEquals(new float[] {0.75f, -2.5f}, file.floats("a"));
    }
  }

  @Test
  void tellsFiniteFromNotFinite() {
    Path path = folder.resolve("finite.safetensors");
    new SafetensorsWriter()
        .add("fine", List.of(2L), new float[] {1, Float.MAX_VALUE})
        .addHalf("infinite", List.of(2L), new float[] {1, 1e6f})
        .add("nan", List.of(2L), new float[] {Float.NaN, 1})
        .write(path);

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertTrue(file.finite("fine"));
      assertFalse(file.finite("infinite"));
      assertFalse(file.finite("nan"));
    }
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                                                              | not a JSON object",
        "{'a':                                                           | not readable JSON",
        "{} {}                                                           | not readable JSON",
        "{'a':[[[[[[[[[[[[]]]]]]]]]]]]}                                  | nesting depth",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | Duplicate field 'a'",
        "{'a':{'dtype':'F33','shape':[1],'data_offsets':[0,4]}}          | tensor 'a' has unknown dtype",
        "{'a':{'shape':[1],'data_offsets':[0,4]}}                        | tensor 'a' has no dtype",
        "{'a':{'dtype':'F32','data_offsets':[0,4]}}                      | tensor 'a' shape is not an array",
        "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}}         | tensor 'a' shape holds -1",
        "{'a':{'dtype':'F32','shape':[1.5],'data_offsets':[0,4]}}        | tensor 'a' shape holds 1.5",
        "{'a':{'dtype':'F32','shape':[9223372036854775808],'data_offsets':[0,4]}} | not a natural number",
        "{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,4]}} | overflows",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}}          | data_offsets is not [begin, end]",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0]}}            | data_offsets is not [begin, end]",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,4]}}          | F32 [3] takes 12",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}          | tensor 'a' ends at byte 8 of the data",
        "{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'b':{'dtype':'U8','shape':[3],'data_offsets':[1,4]}} | tensor 'b' overlaps",
        "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},'b':{'dtype':'U8','shape':[2],'data_offsets':[2,4]}} | tensor 'b' leaves a hole",
        "{'a':{'dtype':'U8','shape':[3],'data_offsets':[0,3]}}           | 1 bytes after the last tensor",
        "{'__metadata__':{'n':1},'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | __metadata__ value of n",
        "{'a':3}                                                         | tensor 'a' is not an object"
      })
  void refusesAHostileHeaderNamingTheFault(String header, String fault) throws IOException {
    Path path = file(header, new byte[4]);

    var refusal = assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(path));

    assertTrue(refusal.getMessage().startsWith(path.toString()), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(fault), refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "-1", "9223372036854775807", "100000001", "17"})
  void refusesAnImpossibleHeaderLengthBeforeAllocating(long length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    Path path = Files.write(folder.resolve("length.safetensors"), bytes.array());

    var refusal = assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(path));

    assertTrue(
        refusal.getMessage().contains("is impossible in a file of 24 bytes"), refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"0", "7"})
  void refusesAFileThatEndsInsideItsPrefix(int length) throws IOException {
    Path path = Files.write(folder.resolve("short.safetensors"), new byte[length]);

    assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(path));
  }

  @Test
  void refusesAFolderAndAMissingFile() {
    assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(folder));
    assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(folder.resolve("none")));
  }

  @Test
  void saysWhichTensorIsMissing() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(file("{}", new byte[0]))) {
      var refusal = assertThrows(SafetensorsException.class, () -> file.floats("weight"));

      assertTrue(refusal.getMessage().endsWith("has no tensor 'weight'"));
    }
  }

  private Path file(String header, byte[] data) throws IOException {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).put(data);
    return Files.write(folder.resolve("made.safetensors"), bytes.array());
  }

  @Test
  void readsTypesOfEightBitsAndOfSixtyFour() throws IOException {
    // As PyTorch 2.7.1 converts them.
    byte[] eighths = {0x00, (byte) 0x80, 0x01, 0x07, 0x08, 0x38, (byte) 0xB9, 0x7E, 0x7F};
    String header =
        ("{'e4m3':{'dtype':'F8_E4M3','shape':[9],'data_offsets':[0,9]},"
            + "'e5m2':{'dtype':'F8_E5M2','shape':[9],'data_offsets':[9,18]},"
            + "'f64':{'dtype':'F64','shape':[2],'data_offsets':[18,34]}}");
    ByteBuffer data = ByteBuffer.allocate(34).order(ByteOrder.LITTLE_ENDIAN);
    data.put(eighths).put(eighths).putDouble(-0.1).putDouble(1e300);
    Path path = file(header, data.array());

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertArrayEquals(
          new float[] {0, -0f, 0.001953125f, 0.013671875f, 0.015625f, 1, -1.125f, 448, Float.NaN},
          file.floats("e4m3"));
      assertArrayEquals(
          new float[] {0, -0f, 0x1p-16f, 0x1.cp-14f, 0x1p-13f, 0.5f, -0.625f, Float.NaN, Float.NaN},
          file.floats("e5m2"));
      assertArrayEquals(new float[] {-0.1f, Float.POSITIVE_INFINITY}, file.floats("f64"));
    }
  }

  @Test
  void readsTwentyMegabytesOfMetadata() {
    Path path = folder.resolve("tagged.safetensors");
    String tags = "é".repeat(10 << 20);
    new SafetensorsWriter()
        .metadata("ss_tag_frequency", tags)
        .add("a", List.of(1L), new float[] {1})
        .write(path);

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertEquals(tags, file.metadata().get("ss_tag_frequency"));
    }
  }

  @Test
  void saysWhatItsLimitOfAHeaderIs() {
    Path path = folder.resolve("tagged.safetensors");
    new SafetensorsWriter().metadata("ss", "x".repeat(33 << 20)).write(path);

    var refusal = assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(path));

    assertTrue(refusal.getMessage().contains("at most 33554432 are read"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("without its metadata"), refusal.getMessage());
  }
}

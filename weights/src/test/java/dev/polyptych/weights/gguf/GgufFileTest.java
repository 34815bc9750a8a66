package dev.polyptych.weights.gguf;

import static dev.polyptych.weights.gguf.GgufBytes.F32;
import static dev.polyptych.weights.gguf.GgufBytes.Q4_K;
import static dev.polyptych.weights.gguf.GgufBytes.Q8_0;
import static dev.polyptych.weights.gguf.GgufBytes.join;
import static dev.polyptych.weights.gguf.GgufBytes.numbers32;
import static dev.polyptych.weights.gguf.GgufBytes.numbers64;
import static dev.polyptych.weights.gguf.GgufBytes.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.weights.safetensors.TensorEntry;
import dev.polyptych.weights.safetensors.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of each type are compared with those of the package gguf in {@code engine}'s goldens. */
class GgufFileTest {
  private static final byte[] ONE = ByteBuffer.allocate(34).put(new byte[] {0, 0x3C}).array();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void readsWhatAFileHolds(int version) throws IOException {
    GgufBytes written =
        new GgufBytes()
            .version(version)
            .string("general.architecture", "flux")
            .entry("general.alignment", 4, numbers32(64))
            .entry("list", 9, join(numbers32(8), numbers64(2), text("a"), text("")))
            .entry("numbers", 9, join(numbers32(5), numbers64(3), numbers32(1, 2, 3)))
            .entry("flag", 7, new byte[1])
            .tensor("matrix", Q8_0, 0, 64, 3)
            .tensor("vector", F32, 256, 2);
    byte[] header = written.header();
    int start = (header.length + 63) / 64 * 64;

    try (GgufFile file = file(header, start + 256 + 8)) {
      assertEquals(Set.of("matrix", "vector"), file.names());
      assertEquals(Map.of("general.architecture", "flux"), file.metadata());
      assertEquals(
          new TensorEntry("matrix", TensorType.F32, List.of(3L, 64L), 0, 6 * 34),
          file.entry("matrix"));
      assertEquals("Q8_0", file.storedType("matrix"));
      assertEquals(68, file.storedBytes("matrix", 64));
      assertEquals(TensorType.F32, file.entry("vector").type());
    }
  }

  @Test
  void decodesSomeRows() throws IOException {
    byte[] header = new GgufBytes().tensor("a", Q8_0, 0, 32, 3).header();
    byte[] blocks = join(ONE, ONE, ONE);
    blocks[34 + 2] = 5;
    blocks[34 + 33] = -7;
    Path path = Files.write(folder.resolve("rows.gguf"), join(header, blocks));

    try (GgufFile file = GgufFile.open(path)) {
      ByteBuffer row = file.values("a", 32, 32, ByteBuffer::allocateDirect);

      float[] expected = new float[32];
      expected[0] = 5;
      expected[31] = -7;
      float[] read = new float[32];
      row.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(read);
      assertArrayEquals(expected, read);
      assertEquals(96, file.floats("a").length);
    }
  }

  @Test
  void refusesPartsThatEndInsideABlock() throws IOException {
    byte[] header = new GgufBytes().tensor("a", Q8_0, 0, 64).header();

    try (GgufFile file = file(header, header.length + 68)) {
      var refusal =
          assertThrows(
              GgufException.class, () -> file.values("a", 16, 32, ByteBuffer::allocateDirect));

      assertTrue(refusal.getMessage().contains("inside its blocks of Q8_0"));
    }
  }

  static Stream<Arguments> hostileHeaders() {
    return Stream.of(
        Arguments.of(numbers32(0x46464747, 3), "is not GGUF"),
        Arguments.of(numbers32(GgufBytes.MAGIC), "ends inside its header (truncated?)"),
        Arguments.of(new GgufBytes().version(1).header(), "is GGUF version 1; use a file"),
        Arguments.of(new GgufBytes().version(0x03000000).header(), "use a little-endian file"),
        Arguments.of(new GgufBytes().header(1, 0), "ends inside its header"),
        Arguments.of(new GgufBytes().header(0, 1), "ends inside its header"),
        Arguments.of(new GgufBytes().header(-1, 0), "18446744073709551615 tensors, at most 65536"),
        Arguments.of(new GgufBytes().header(0, 65_537), "65537 metadata entries, at most 65536"),
        Arguments.of(metadata("a", 13), "metadata 'a' has the unknown type 13"),
        Arguments.of(metadata("a", 8, numbers64(-1)), "bytes of value of a"),
        Arguments.of(metadata("a", 8, numbers64(1000)), "ends inside its header"),
        Arguments.of(metadata("a", 9, numbers32(9)), "'a' is an array of arrays"),
        Arguments.of(metadata("a", 9, numbers32(4), numbers64(1L << 61)), "values of a, at most"),
        Arguments.of(metadata("a", 9, numbers32(4), numbers64(1 << 30)), "ends inside its header"),
        Arguments.of(metadata("a", 9, numbers32(8), numbers64(1 << 30)), "ends inside its header"),
        Arguments.of(metadata("general.alignment", 4, numbers32(48)), "is no power of two"),
        Arguments.of(metadata("general.alignment", 4, numbers32(0)), "is no power of two"),
        Arguments.of(metadata("general.alignment", 10, numbers64(32)), "is no power of two"),
        Arguments.of(
            new GgufBytes().string("a", "").string("a", "").header(), "'a' is there twice"),
        Arguments.of(
            new GgufBytes().entry("a", 8, join(numbers64(1), new byte[] {-1})).header(),
            "value of a that is not UTF-8"),
        Arguments.of(tensor(F32, 0, 1, 1, 1, 1, 1), "has 5 dimensions, at most 4"),
        Arguments.of(tensor(F32, 0, 0), "tensor 'a' has the size 0"),
        Arguments.of(tensor(F32, 0, -1), "has the size 18446744073709551615"),
        Arguments.of(tensor(F32, 0, 1L << 62, 1L << 62), "overflows"),
        Arguments.of(tensor(F32, 0, 1L << 61), "overflows"),
        Arguments.of(tensor(F32, 8, 1), "begins at byte 8, no multiple of 32"),
        Arguments.of(tensor(F32, -32, 1), "begins at byte 18446744073709551584"),
        Arguments.of(tensor(F32, Long.MAX_VALUE - 31, 32), "overflows"),
        Arguments.of(tensor(Q8_0, 0, 33), "does not fill its blocks of 32 values"),
        Arguments.of(tensor(Q4_K, 0), "does not fill its blocks of 256 values"),
        Arguments.of(tensor(10, 0, 256), "is of type Q2_K, which is not read; use a file in F32"),
        Arguments.of(tensor(99, 0, 256), "is of type 99, which is not read; use a file in F32"),
        Arguments.of(tensor(F32, 0, 100), "ends at byte 400 of the data, but the file holds only"),
        Arguments.of(tensor(F32, 64, 1), "leaves a hole before it"),
        Arguments.of(tensor(F32, 0, 1), "bytes after the last tensor belong to none"),
        Arguments.of(
            new GgufBytes().tensor("a", F32, 0, 9).tensor("b", F32, 32, 1).header(),
            "tensor 'b' overlaps"),
        Arguments.of(
            new GgufBytes().tensor("a", F32, 0, 8).tensor("a", F32, 32, 8).header(),
            "tensor 'a' is there twice"));
  }

  private static byte[] metadata(String key, int type, byte[]... value) {
    return new GgufBytes().entry(key, type, join(value)).header();
  }

  private static byte[] tensor(int type, long at, long... dimensions) {
    return new GgufBytes().tensor("a", type, at, dimensions).header();
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("hostileHeaders")
  void refusesAHostileHeaderNamingTheFault(byte[] header, String fault) throws IOException {
    Path path = Files.write(folder.resolve("hostile.gguf"), join(header, new byte[96]));
    if (fault.contains("ends inside")) {
      Files.write(path, header);
    }

    var refusal = assertThrows(GgufException.class, () -> GgufFile.open(path));

    assertTrue(refusal.getMessage().startsWith(path.toString()), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(fault), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("; "), refusal.getMessage());
  }

  @Test
  void refusesALongHeaderWithoutReadingIt() throws IOException {
    byte[] header = metadata("a", 8, numbers64(33 << 20));

    try (var refused = new java.io.RandomAccessFile(folder.resolve("long.gguf").toFile(), "rw")) {
      refused.write(header);
      refused.setLength(40 << 20);
    }

    var refusal =
        assertThrows(GgufException.class, () -> GgufFile.open(folder.resolve("long.gguf")));
    assertTrue(
        refusal.getMessage().contains("has a header of more than 33554432 bytes"),
        refusal.getMessage());
  }

  @Test
  void refusesAFolderAMissingFileAndAMissingTensor() throws IOException {
    assertThrows(GgufException.class, () -> GgufFile.open(folder));
    assertThrows(GgufException.class, () -> GgufFile.open(folder.resolve("none")));
    byte[] header = new GgufBytes().header();
    try (GgufFile file = file(header, header.length)) {
      assertThrows(GgufException.class, () -> file.floats("none"));
    }
  }

  private GgufFile file(byte[] header, int length) throws IOException {
    return GgufFile.open(
        Files.write(folder.resolve("made.gguf"), java.util.Arrays.copyOf(header, length)));
  }
}

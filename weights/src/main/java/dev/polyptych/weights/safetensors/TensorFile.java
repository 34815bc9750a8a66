package dev.polyptych.weights.safetensors;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/** An open file of tensors. Its header is checked; data is mapped when it is asked for. */
public interface TensorFile extends AutoCloseable {
  /** Path of the file. */
  Path path();

  /** Names of all tensors, in the header's order. */
  Set<String> names();

  /** The strings of the file's metadata. */
  Map<String, String> metadata();

  /** Shape and place of a tensor, and the type of its {@link #values}. */
  TensorEntry entry(String name);

  /** What the file calls the type of a tensor. */
  String storedType(String name);

  /** Bytes in the file of so many values of a tensor. */
  long storedBytes(String name, long values);

  /**
   * Some values of a tensor in the type of its entry: little-endian, from position to limit, in a
   * direct buffer.
   *
   * @param first index of the first one
   * @param room gives a direct buffer of that many bytes, if values don't lie in the file as they
   *     are
   */
  ByteBuffer values(String name, long first, long count, IntFunction<ByteBuffer> room);

  /** All values of a tensor as floats. */
  float[] floats(String name);

  @Override
  void close();
}

package dev.polyptych.weights.gguf;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The keys and values before the list of tensors. Only strings and the alignment are kept.
 *
 * @param alignment of each tensor's first byte
 */
record GgufMetadata(Map<String, String> strings, long alignment) {
  private static final String ALIGNMENT = "general.alignment";
  private static final long DEFAULT_ALIGNMENT = 32;
  private static final long MOST_ALIGNMENT = 1 << 20;
  private static final int LEAST_ENTRY = 13;

  private static final int NUMBER_32 = 4;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  /** Bytes by type; 0 for strings and arrays. */
  private static final int[] BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

  static GgufMetadata read(GgufInput in, int most) {
    long count = in.count("metadata entries", LEAST_ENTRY, most);
    Map<String, String> strings = new LinkedHashMap<>();
    Set<String> keys = new HashSet<>();
    long alignment = DEFAULT_ALIGNMENT;
    for (long i = 0; i < count; i++) {
      String key = in.string("metadata key");
      int type = type(in, key);
      if (!keys.add(key)) {
        throw wrong(in, key, "is there twice");
      }
      if (key.equals(ALIGNMENT)) {
        alignment = alignment(in, type);
      } else if (type == STRING) {
        strings.put(key, in.string("value of " + key));
      } else if (type == ARRAY) {
        skipArray(in, key);
      } else {
        in.skip(BYTES[type]);
      }
    }
    return new GgufMetadata(strings, alignment);
  }

  private static int type(GgufInput in, String key) {
    long type = in.unsigned32();
    if (type >= BYTES.length) {
      throw wrong(in, key, "has the unknown type " + type);
    }
    return (int) type;
  }

  private static void skipArray(GgufInput in, String key) {
    int type = type(in, key);
    if (type == ARRAY) {
      throw wrong(in, key, "is an array of arrays");
    }
    if (type != STRING) {
      in.skip(BYTES[type] * in.count("values of " + key, BYTES[type], Integer.MAX_VALUE));
      return;
    }
    long count = in.count("values of " + key, Long.BYTES, Integer.MAX_VALUE);
    for (long i = 0; i < count; i++) {
      in.skip(in.count("bytes of a value of " + key, 1, Integer.MAX_VALUE));
    }
  }

  private static long alignment(GgufInput in, int type) {
    long alignment = type == NUMBER_32 ? in.unsigned32() : 0;
    if (Long.bitCount(alignment) != 1 || alignment > MOST_ALIGNMENT) {
      throw wrong(in, ALIGNMENT, "is no power of two up to " + MOST_ALIGNMENT);
    }
    return alignment;
  }

  private static GgufException wrong(GgufInput in, String key, String problem) {
    return new GgufException(in.file(), "metadata '" + key + "' " + problem, GgufException.FETCH);
  }
}

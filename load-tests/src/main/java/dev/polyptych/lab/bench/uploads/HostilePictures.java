package dev.polyptych.lab.bench.uploads;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;

/** Pictures that are wrong on purpose: sizes, chunks, lengths, and files that are cut off. */
public final class HostilePictures {
  /** What a dispatcher takes at most. */
  private static final int MOST_BYTES = 16 << 20;

  private static final byte[] SIGNATURE = "\u0089PNG\r\n\u001a\n".getBytes(ISO_8859_1);

  /** One pixel, lossless. */
  private static final byte[] WEBP =
      Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");

  /** Around the bounds, and where arithmetic overflows. */
  private static final int[] EDGES = {
    0, 1, 2, 15, 16_383, 16_384, 16_385, 65_535, 3_000_000, 12_000_000, 33_554_432, 0x7FFFFFFF, -1
  };

  private final Random random;

  public HostilePictures(long seed) {
    this.random = new Random(seed);
  }

  /** How a picture was made, and its bytes. */
  public record Hostile(String kind, byte[] bytes) {}

  private interface Maker {
    byte[] make();
  }

  private record Kind(String name, int share, Maker maker) {}

  /** The next one. */
  public Hostile next() {
    List<Kind> kinds =
        List.of(
            new Kind("png-size", 12, this::pngSize),
            new Kind("png-long", 4, this::pngLong),
            new Kind("png-largest", 1, this::pngLargest),
            new Kind("png-noise", 1, this::pngNoise),
            new Kind("png-short", 12, this::pngShort),
            new Kind("png-chunks", 8, this::pngChunks),
            new Kind("png-many-chunks", 1, this::pngManyChunks),
            new Kind("png-cut", 12, () -> cut(png(20, 20))),
            new Kind("png-bytes", 12, () -> mutated(png(20, 20))),
            new Kind("jpeg-size", 10, this::jpegSize),
            new Kind("jpeg-segments", 1, this::jpegSegments),
            new Kind("jpeg-scans", 2, this::jpegScans),
            new Kind("jpeg-cut", 8, () -> cut(encoded("jpeg"))),
            new Kind("jpeg-bytes", 8, () -> mutated(encoded("jpeg"))),
            new Kind("webp-size", 4, this::webpSize),
            new Kind("webp-cut", 4, () -> cut(WEBP.clone())),
            new Kind("webp-bytes", 6, () -> mutated(WEBP.clone())));
    int place = random.nextInt(kinds.stream().mapToInt(Kind::share).sum());
    for (Kind kind : kinds) {
      place -= kind.share();
      if (place < 0) {
        return new Hostile(kind.name(), kind.maker().make());
      }
    }
    throw new IllegalStateException("the shares do not cover their sum");
  }

  /** A complete PNG, all of it black. A few kilobytes for millions of pixels. */
  public static byte[] png(int width, int height) {
    return png(header(width, height, 8, 2, 0), packed(new byte[1 + 3 * width], height));
  }

  private byte[] pngSize() {
    int[] depths = {1, 2, 4, 8, 16, 0, 3, 32};
    byte[] header =
        header(edge(), edge(), depths[random.nextInt(8)], random.nextInt(8), random.nextInt(3));
    return png(header, packed(new byte[61], 20));
  }

  private byte[] pngLong() {
    int edge = 1 << (14 + random.nextInt(11));
    return random.nextBoolean() ? png(edge, 1) : png(1, edge);
  }

  /** As many bytes as may be unpacked. */
  private byte[] pngLargest() {
    return png(header(4096, 4096, 8, 6, random.nextInt(2)), packed(new byte[16_384], 4095));
  }

  private byte[] pngNoise() {
    byte[] row = new byte[3 * 2048 + 1];
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    for (int y = 0; y < 2500; y++) {
      random.nextBytes(row);
      row[0] = 0;
      feed(deflater, row, packed, buffer);
    }
    finish(deflater, packed, buffer);
    return png(header(2048, 2500, 8, 2, 0), packed.toByteArray());
  }

  private byte[] pngShort() {
    int width = 1 + random.nextInt(4000);
    int height = 2 + random.nextInt(4000);
    byte[] rows = packed(new byte[1 + 3 * width], random.nextInt(height));
    return png(header(width, height, 8, 2, random.nextInt(2)), rows);
  }

  private byte[] pngChunks() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    String[] types = {"IHDR", "IDAT", "IEND", "PLTE", "acTL", "eXIf", "zTXt", "iCCP"};
    for (int i = 0; i < 2 + random.nextInt(20); i++) {
      byte[] data = new byte[random.nextInt(40)];
      random.nextBytes(data);
      byte[] chunk = chunk(types[random.nextInt(types.length)], data);
      if (random.nextInt(4) == 0) {
        ByteBuffer.wrap(chunk).putInt(edge());
      }
      file.writeBytes(chunk);
    }
    return file.toByteArray();
  }

  private byte[] pngManyChunks() {
    ByteBuffer file = ByteBuffer.allocate(MOST_BYTES);
    file.put(SIGNATURE).put(chunk("IHDR", header(20, 20, 8, 2, 0)));
    byte[] chunk = chunk(random.nextBoolean() ? "IDAT" : "eXIf", new byte[random.nextInt(2)]);
    while (file.remaining() > chunk.length + 12) {
      file.put(chunk);
    }
    file.put(chunk("IEND", new byte[0]));
    return Arrays.copyOf(file.array(), file.position());
  }

  private byte[] jpegSize() {
    byte[] file = encoded("jpeg");
    int frame = frame(file);
    ByteBuffer bytes = ByteBuffer.wrap(file);
    bytes.putShort(frame + 5, (short) edge()).putShort(frame + 7, (short) edge());
    if (random.nextInt(4) == 0) {
      file[frame + 1] = (byte) (0xC0 + random.nextInt(16));
    }
    return file;
  }

  private byte[] jpegSegments() {
    byte[] file = new byte[MOST_BYTES];
    file[0] = (byte) 0xFF;
    file[1] = (byte) 0xD8;
    for (int at = 2; at + 4 <= file.length; at += 4) {
      file[at] = (byte) 0xFF;
      file[at + 1] = (byte) (random.nextBoolean() ? 0xE1 : 0xFE);
      file[at + 3] = 2;
    }
    return file;
  }

  private byte[] jpegScans() {
    byte[] file = encoded("jpeg");
    int frame = frame(file);
    file[frame + 1] = (byte) 0xC2;
    ByteArrayOutputStream scans = new ByteArrayOutputStream();
    scans.write(file, 0, file.length - 2);
    byte[] scan = {(byte) 0xFF, (byte) 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 0};
    for (int i = 0; i < random.nextInt(100_000); i++) {
      scans.writeBytes(scan);
    }
    scans.write(0xFF);
    scans.write(0xD9);
    return scans.toByteArray();
  }

  private byte[] webpSize() {
    byte[] file = WEBP.clone();
    int size = (edge() - 1 & 0x3FFF) | (edge() - 1 & 0x3FFF) << 14;
    for (int i = 0; i < 4; i++) {
      file[21 + i] = (byte) (size >> (8 * i));
    }
    return file;
  }

  private int edge() {
    return random.nextBoolean() ? EDGES[random.nextInt(EDGES.length)] : 1 + random.nextInt(5000);
  }

  private byte[] cut(byte[] whole) {
    return Arrays.copyOf(whole, 12 + random.nextInt(whole.length - 12));
  }

  private byte[] mutated(byte[] valid) {
    int reach = random.nextBoolean() ? valid.length : Math.min(valid.length, 64);
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      valid[random.nextInt(reach)] = (byte) random.nextInt();
    }
    return valid;
  }

  private static byte[] png(byte[] header, byte[] data) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    file.writeBytes(chunk("IHDR", header));
    file.writeBytes(chunk("IDAT", data));
    file.writeBytes(chunk("IEND", new byte[0]));
    return file.toByteArray();
  }

  private static byte[] header(int width, int height, int depth, int colours, int interlaced) {
    return ByteBuffer.allocate(13)
        .putInt(width)
        .putInt(height)
        .put((byte) depth)
        .put((byte) colours)
        .putShort((short) 0)
        .put((byte) interlaced)
        .array();
  }

  private static byte[] chunk(String type, byte[] data) {
    byte[] name = type.getBytes(ISO_8859_1);
    CRC32 checksum = new CRC32();
    checksum.update(name);
    checksum.update(data);
    return ByteBuffer.allocate(12 + data.length)
        .putInt(data.length)
        .put(name)
        .put(data)
        .putInt((int) checksum.getValue())
        .array();
  }

  private static byte[] packed(byte[] row, int rows) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    for (int y = 0; y < rows; y++) {
      feed(deflater, row, packed, buffer);
    }
    finish(deflater, packed, buffer);
    return packed.toByteArray();
  }

  private static void feed(
      Deflater deflater, byte[] row, ByteArrayOutputStream packed, byte[] buffer) {
    deflater.setInput(row);
    while (!deflater.needsInput()) {
      packed.write(buffer, 0, deflater.deflate(buffer));
    }
  }

  private static void finish(Deflater deflater, ByteArrayOutputStream packed, byte[] buffer) {
    deflater.finish();
    while (!deflater.finished()) {
      packed.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
  }

  private static int frame(byte[] jpeg) {
    int at = 2;
    while ((jpeg[at + 1] & 0xFF) != 0xC0) {
      at += 2 + (((jpeg[at + 2] & 0xFF) << 8) | (jpeg[at + 3] & 0xFF));
    }
    return at;
  }

  private static byte[] encoded(String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB), format, bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory failed", impossible);
    }
    return bytes.toByteArray();
  }
}

package dev.polyptych.worker.render.flux;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.engine.denoise.Denoising.Progress;
import dev.polyptych.engine.denoise.PackedLatents;
import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.worker.render.PanelSetEngine;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A run's progress as bytes: what it was drawn with, completed steps, tokens, channels, then the
 * latents as big-endian 32-bit floats, which hold the compute type of every device.
 */
final class CheckpointState {
  private CheckpointState() {}

  static byte[] bytes(Maker drawnWith, Progress progress) {
    byte[] maker = drawnWith.bytes();
    PackedLatents latents = progress.latents();
    ByteBuffer bytes =
        ByteBuffer.allocate(
            4 * Integer.BYTES + maker.length + Float.BYTES * latents.values().length);
    bytes.putInt(maker.length).put(maker).putInt(progress.completedSteps());
    bytes.putInt(latents.tokens()).putInt(latents.channels());
    bytes.asFloatBuffer().put(latents.values());
    return bytes.array();
  }

  /**
   * Empty when the bytes are of another model, device type, compute type, step cache or method of
   * references, or are no checkpoint.
   */
  static Optional<Progress> read(Maker drawsWith, byte[] state) {
    byte[] expected = drawsWith.bytes();
    ByteBuffer bytes = ByteBuffer.wrap(state);
    try {
      byte[] maker = new byte[expected.length];
      if (bytes.getInt() != maker.length || !Arrays.equals(expected, fill(bytes, maker))) {
        return Optional.empty();
      }
      int step = bytes.getInt();
      int tokens = bytes.getInt();
      int channels = bytes.getInt();
      float[] values = new float[bytes.remaining() / Float.BYTES];
      bytes.asFloatBuffer().get(values);
      return Optional.of(new Progress(step, new PackedLatents(tokens, channels, values)));
    } catch (BufferUnderflowException | IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  private static byte[] fill(ByteBuffer from, byte[] bytes) {
    from.get(bytes);
    return bytes;
  }

  /** What must be equal to go on from a checkpoint. */
  record Maker(
      PanelSetEngine.Identity identity,
      Optional<StepCache> cache,
      Optional<ReferenceMethod> reference) {
    /** An engine that has no job yet. */
    Maker(PanelSetEngine.Identity identity, Optional<StepCache> cache) {
      this(identity, cache, Optional.empty());
    }

    /** For a job that uses its references by a method. */
    Maker using(Optional<ReferenceMethod> method) {
      return new Maker(identity, cache, method);
    }

    /** Without the device's number: all devices of a type give the same bits. */
    private byte[] bytes() {
      String device = identity.device().replaceAll("\\(.*", "");
      String plain = String.join("/", "1", identity.model(), device, identity.computeType());
      String cached = cache.map(used -> "/" + used).orElse("");
      // The version before writes nothing for masked SDEdit, its only method.
      String used =
          reference
              .filter(method -> method != ReferenceMethod.SDEDIT)
              .map(method -> "/" + method.text())
              .orElse("");
      return (plain + cached + used).getBytes(UTF_8);
    }
  }
}

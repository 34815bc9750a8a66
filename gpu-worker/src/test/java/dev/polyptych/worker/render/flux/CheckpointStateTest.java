package dev.polyptych.worker.render.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.engine.denoise.Denoising.Progress;
import dev.polyptych.engine.denoise.PackedLatents;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.worker.render.PanelSetEngine.Identity;
import dev.polyptych.worker.render.flux.CheckpointState.Maker;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckpointStateTest {
  private static final Maker MAKER =
      new Maker(new Identity("flux.1-fill-dev", "cpu()", "float32"), Optional.empty());
  private static final Progress PROGRESS =
      new Progress(2, new PackedLatents(1, 2, new float[] {1, 2}));

  @ParameterizedTest
  @EnumSource(ReferenceMethod.class)
  void aRunGoesOnByTheMethodThatItBeganWithOnly(ReferenceMethod method) {
    byte[] state = CheckpointState.bytes(MAKER.using(Optional.of(method)), PROGRESS);

    for (ReferenceMethod other : ReferenceMethod.values()) {
      assertEquals(
          method == other,
          CheckpointState.read(MAKER.using(Optional.of(other)), state).isPresent());
    }
  }

  @Test
  void maskedSdeditIsWhatTheVersionBeforeWrote() {
    byte[] before = CheckpointState.bytes(MAKER, PROGRESS);

    Maker now = MAKER.using(Optional.of(ReferenceMethod.SDEDIT));
    assertEquals(2, CheckpointState.read(now, before).orElseThrow().completedSteps());
  }
}

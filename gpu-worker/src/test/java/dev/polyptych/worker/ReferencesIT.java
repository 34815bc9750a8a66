package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Reference;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.Shelving;
import dev.polyptych.worker.publish.ImageEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReferencesIT {
  /** Written by the build. */
  private static final Path MODEL = TinyModels.folder();

  private static final String EXPIRED = "0".repeat(64);

  @Test
  void aReferencePanelKeepsItsPixelsAndTheOthersAreDrawnAroundIt() throws Exception {
    try (Bench bench = Bench.shared()) {
      // Given
      bench.startWithModel("w1", MODEL);
      JobRequest plain = Bench.request("couple-profile", 7, 3, Optional.empty());
      Layout layout = Bench.resolve("x", plain).layout();
      SheetPixels picture = noise(layout.panelWidth(), layout.panelHeight());
      String key = kept(bench, ImageEncoder.encode(picture, ImageFormat.PNG));
      // When
      RenderJob around = bench.submit(plain.withReferences(List.of(new Reference(2, key))));
      RenderJob alone = bench.submit(plain);
      bench.awaitState(around.id(), JobState.DONE);
      bench.awaitState(alone.id(), JobState.DONE);
      // Then
      assertArrayEquals(picture.rgb(), panel(bench, around, 2));
      assertFalse(Arrays.equals(panel(bench, alone, 1), panel(bench, around, 1)));
    }
  }

  @Test
  void aReferenceThatExpiredFailsTheJobAtOnceAndSaysWhich() throws Exception {
    try (Bench bench = Bench.shared()) {
      // Given
      bench.start("w1", PaintingEngine.eager());
      JobRequest plain = Bench.request("couple-profile", 7, 3, Optional.empty());
      // When
      RenderJob job = bench.submit(plain.withReferences(List.of(new Reference(1, EXPIRED))));
      bench.awaitState(job.id(), JobState.FAILED);
      // Then
      assertFailed(bench, job, ErrorCode.REFERENCE_EXPIRED, "references[0].key: the picture");
    }
  }

  @Test
  void aReferenceOfAnotherTenantIsAsGoodAsNotThere() throws Exception {
    try (Bench bench = Bench.shared()) {
      // Given
      bench.start("w1", PaintingEngine.eager());
      JobRequest plain = Bench.request("couple-profile", 7, 3, Optional.empty());
      byte[] picture = ImageEncoder.encode(noise(16, 16), ImageFormat.PNG);
      String key = kept(bench, "somebody-else", picture);
      // When a producer of its own, past all dispatchers, refers to it
      RenderJob job = bench.submit(plain.withReferences(List.of(new Reference(1, key))));
      bench.awaitState(job.id(), JobState.FAILED);
      // Then
      assertFailed(bench, job, ErrorCode.REFERENCE_EXPIRED, "references[0].key: the picture");
    }
  }

  @Test
  void aPictureThatCantBeDecodedFailsTheJobAtOnce() throws Exception {
    try (Bench bench = Bench.shared()) {
      // Given
      bench.start("w1", PaintingEngine.eager());
      byte[] broken = "\u0089PNG\r\n\u001a\nnothing".getBytes(StandardCharsets.ISO_8859_1);
      String key = kept(bench, broken);
      JobRequest plain = Bench.request("couple-profile", 7, 3, Optional.empty());
      // When
      RenderJob job = bench.submit(plain.withReferences(List.of(new Reference(1, key))));
      bench.awaitState(job.id(), JobState.FAILED);
      // Then
      assertFailed(bench, job, ErrorCode.INVALID_PICTURE, "references[0] has a size");
    }
  }

  private static void assertFailed(Bench bench, RenderJob job, ErrorCode code, String detail) {
    JobStatus status = bench.store.status(job.id()).orElseThrow();
    assertEquals(1, status.attempt());
    assertEquals(code, status.error().orElseThrow().code());
    String told = status.error().orElseThrow().detail();
    assertEquals(detail, told.substring(0, Math.min(detail.length(), told.length())));
  }

  private static String kept(Bench bench, byte[] picture) {
    return kept(bench, "tester", picture);
  }

  private static String kept(Bench bench, String tenant, byte[] picture) {
    ReferenceStore references = new ReferenceStore(bench.redis, Retention.DEFAULT);
    return ((Shelving.Kept) references.put(tenant, picture, OptionalLong.empty())).key();
  }

  private static byte[] panel(Bench bench, RenderJob job, int panel) throws Exception {
    return RenderingIT.pixels(bench.results.panel(job.id(), panel).orElseThrow());
  }

  private static SheetPixels noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Random(7).nextBytes(rgb);
    return new SheetPixels(width, height, rgb);
  }
}

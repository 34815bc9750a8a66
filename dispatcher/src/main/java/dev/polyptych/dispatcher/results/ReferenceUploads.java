package dev.polyptych.dispatcher.results;

import dev.polyptych.schema.error.Checked;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.picture.PictureFormat;
import dev.polyptych.schema.picture.PictureHeader;
import dev.polyptych.schema.store.ReferenceStore;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Takes pictures in whose header is in order; whether the rest is, the worker finds. Blocks. */
public final class ReferenceUploads {
  private final ReferenceStore store;
  private final Clock clock;

  public ReferenceUploads(ReferenceStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  public Checked<KeptReference> keep(byte[] picture) {
    Optional<PictureFormat> format =
        PictureFormat.of(picture).filter(known -> known != PictureFormat.GIF);
    if (format.isEmpty()) {
      return refused(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "the content is no PNG, JPEG or WebP; convert it to one");
    }
    PictureHeader header = PictureHeader.read(format.get(), picture);
    Optional<String> problem = problem(header);
    return problem.isPresent()
        ? refused(ErrorCode.INVALID_PICTURE, problem.get())
        : new Checked.Valid<>(kept(store.put(picture), header));
  }

  private static Optional<String> problem(PictureHeader header) {
    if (header.width() <= 0 || header.height() <= 0) {
      return Optional.of("its size can't be read; save it again with an image editor");
    }
    if ((long) header.width() * header.height() > PictureHeader.MAX_PIXELS) {
      return Optional.of(
          "it has %d x %d pixels, more than %d million; scale it down"
              .formatted(header.width(), header.height(), PictureHeader.MAX_PIXELS >> 20));
    }
    if (header.components() == PictureHeader.CMYK) {
      return Optional.of("it is a CMYK JPEG; convert it to RGB");
    }
    return header.animated()
        ? Optional.of("it is animated; save one frame of it as PNG")
        : Optional.empty();
  }

  private KeptReference kept(String key, PictureHeader header) {
    return new KeptReference(
        key,
        header.turned() ? header.height() : header.width(),
        header.turned() ? header.width() : header.height(),
        clock.instant().plus(store.timeToLive()));
  }

  private static Checked<KeptReference> refused(ErrorCode code, String detail) {
    return new Checked.Invalid<>(List.of(new FieldProblem(code, "", detail)));
  }
}

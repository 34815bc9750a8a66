package dev.polyptych.dispatcher.results;

import dev.polyptych.dispatcher.metrics.TenantMetrics;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.picture.PictureCheck;
import dev.polyptych.schema.picture.PictureFormat;
import dev.polyptych.schema.picture.PictureHeader;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.Shelving;
import java.time.Clock;
import java.util.Optional;

/** Stores uploaded pictures that pass {@link PictureCheck}. Blocks. */
public final class ReferenceUploads {
  private final ReferenceStore store;
  private final Clock clock;
  private final TenantMetrics metrics;

  public ReferenceUploads(ReferenceStore store, Clock clock, TenantMetrics metrics) {
    this.store = store;
    this.clock = clock;
    this.metrics = metrics;
  }

  public Upload keep(Tenant tenant, byte[] picture) {
    Optional<PictureFormat> format =
        PictureFormat.of(picture).filter(known -> known != PictureFormat.GIF);
    if (format.isEmpty()) {
      return refused(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "the content is no PNG, JPEG or WebP; convert it to one");
    }
    PictureHeader header = PictureHeader.read(format.get(), picture);
    Optional<PictureCheck.Flaw> flaw = PictureCheck.flaw(format.get(), header, picture);
    return flaw.isPresent()
        ? refused(ErrorCode.INVALID_PICTURE, "the picture " + flaw.get().text())
        : shelved(tenant, picture, header);
  }

  private KeptReference kept(String key, PictureHeader header) {
    return new KeptReference(
        key,
        header.turned() ? header.height() : header.width(),
        header.turned() ? header.width() : header.height(),
        clock.instant().plus(store.timeToLive()));
  }

  private Upload shelved(Tenant tenant, byte[] picture, PictureHeader header) {
    return switch (store.put(tenant.id(), picture, tenant.quotas().referenceBytes())) {
      case Shelving.Kept(String key) -> new Upload.Kept(kept(key, header));
      case Shelving.Full(LimitHit limit) -> {
        metrics.limited(tenant.id(), limit.name());
        yield new Upload.Refused(Problem.of(limit));
      }
    };
  }

  private static Upload refused(ErrorCode code, String detail) {
    return new Upload.Refused(Problem.of(code, detail));
  }
}

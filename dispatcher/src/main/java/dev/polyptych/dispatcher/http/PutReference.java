package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.results.ReferenceUploads;
import dev.polyptych.dispatcher.results.Upload;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** {@code PUT /v1/references}. */
public final class PutReference {
  private static final int MAX_BYTES = 16 << 20;

  /** The most uploads at once. Each may hold {@link #MAX_BYTES} before its call is counted. */
  private static final int MOST_AT_ONCE = 16;

  private final ReferenceUploads uploads;
  private final BoundedCalls calls;
  private final JobBody body = new JobBody(MAX_BYTES);

  /** Event loop only. */
  private int underWay;

  public PutReference(ReferenceUploads uploads, BoundedCalls calls) {
    this.uploads = uploads;
    this.calls = calls;
  }

  public List<ApiOperation> operations() {
    return List.of(new ApiOperation("putReference", this::handle));
  }

  private void handle(RoutingContext routing) {
    if (underWay >= MOST_AT_ONCE) {
      String full = MOST_AT_ONCE + " pictures are being uploaded already; send it again";
      JobBody.refuseUnread(routing, Problem.of(ErrorCode.OVERLOADED, full));
      return;
    }
    underWay++;
    Tenant tenant = Gate.tenant(routing);
    body.read(routing.request())
        .compose(picture -> calls.call(() -> uploads.keep(tenant, picture)))
        .onComplete(done -> underWay--)
        .onSuccess(upload -> answer(routing, upload))
        .onFailure(failure -> failed(routing, failure));
  }

  private static void answer(RoutingContext routing, Upload upload) {
    switch (upload) {
      case Upload.Kept(var reference) -> Answer.json(routing, 201, reference);
      case Upload.Refused(var problem) -> Answer.problem(routing, problem);
    }
  }

  private static void failed(RoutingContext routing, Throwable failure) {
    if (failure instanceof JobBody.OversizedException) {
      String detail = "a picture may have %d bytes; scale it down".formatted(MAX_BYTES);
      JobBody.refuseUnread(routing, Problem.of(ErrorCode.BODY_TOO_LARGE, detail));
    } else {
      Answer.problem(routing, Answer.problem(failure));
    }
  }
}

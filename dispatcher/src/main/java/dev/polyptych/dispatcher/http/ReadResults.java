package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.results.ImageResult;
import dev.polyptych.dispatcher.results.ImageShelf;
import dev.polyptych.dispatcher.results.ReceiptResult;
import dev.polyptych.dispatcher.results.ReceiptShelf;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.ImageFormat;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * {@code GET /v1/jobs/{id}/panels/{n}}, {@code GET /v1/jobs/{id}/sheet} and {@code GET
 * /v1/jobs/{id}/receipt}.
 */
public final class ReadResults {
  /**
   * The images of a job never change; they are private to a tenant, so no shared cache keeps them.
   */
  private static final String CACHE_CONTROL = "private, max-age=31536000, immutable";

  private final ImageShelf images;
  private final ReceiptShelf receipts;
  private final BoundedCalls calls;

  public ReadResults(ImageShelf images, ReceiptShelf receipts, BoundedCalls calls) {
    this.images = images;
    this.receipts = receipts;
    this.calls = calls;
  }

  public List<ApiOperation> operations() {
    return List.of(
        new ApiOperation("readPanel", this::panel),
        new ApiOperation("readSheet", this::sheet),
        new ApiOperation("readReceipt", this::receipt));
  }

  private void panel(RoutingContext routing) {
    String id = routing.pathParam("id");
    int panel = number(routing.pathParam("n"));
    String tenant = Gate.tenant(routing).id();
    calls.answer(routing, () -> images.panel(id, tenant, panel), result -> answer(routing, result));
  }

  private void sheet(RoutingContext routing) {
    String id = routing.pathParam("id");
    String tenant = Gate.tenant(routing).id();
    calls.answer(routing, () -> images.sheet(id, tenant), result -> answer(routing, result));
  }

  private void receipt(RoutingContext routing) {
    String id = routing.pathParam("id");
    String tenant = Gate.tenant(routing).id();
    calls.answer(routing, () -> receipts.receipt(id, tenant), result -> answer(routing, result));
  }

  /** Returns 0, which no panel has, if the text is not a number. */
  static int number(String text) {
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
  }

  private static void answer(RoutingContext routing, ReceiptResult result) {
    switch (result) {
      case ReceiptResult.Found(byte[] json) -> Answer.written(routing, 200, json);
      case ReceiptResult.Absent(ErrorCode code, String detail) ->
          Answer.problem(routing, code, detail);
    }
  }

  private static void answer(RoutingContext routing, ImageResult result) {
    switch (result) {
      case ImageResult.Absent(ErrorCode code, String detail) ->
          Answer.problem(routing, code, detail);
      case ImageResult.Found(byte[] bytes, ImageFormat format, String digest) ->
          send(routing, Buffer.buffer(bytes), format, '"' + digest + '"');
    }
  }

  private static void send(RoutingContext routing, Buffer bytes, ImageFormat format, String tag) {
    HttpServerResponse response = routing.response();
    if (response.closed()) {
      return;
    }
    response.putHeader(HttpHeaders.ETAG, tag).putHeader(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL);
    if (EntityTags.holds(routing.request(), tag)) {
      response.setStatusCode(304).end();
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, format.mediaType()).end(bytes);
    }
  }
}

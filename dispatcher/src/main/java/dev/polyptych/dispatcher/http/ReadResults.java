package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.results.ImageResult;
import dev.polyptych.dispatcher.results.ImageShelf;
import dev.polyptych.dispatcher.results.ReceiptResult;
import dev.polyptych.dispatcher.results.ReceiptShelf;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.ImageFormat;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * {@code GET /v1/jobs/{id}/panels/{n}}, {@code GET /v1/jobs/{id}/sheet} and {@code GET
 * /v1/jobs/{id}/receipt}.
 */
public final class ReadResults {
  /**
   * The images of a job never change; they are private to a tenant, so no shared cache keeps them.
   */
  private static final String CACHE_CONTROL = "private, max-age=31536000, immutable";

  /** A link is signed at the moment, so nobody keeps it. */
  private static final String NO_STORE = "no-store";

  /** The caller wants the bytes in this very answer (RFC 7240). */
  private static final Pattern BYTES_PREFERRED =
      Pattern.compile("(^|[,;\\s])return=representation([,;\\s]|$)");

  private final ImageShelf images;
  private final boolean links;
  private final ReceiptShelf receipts;
  private final BoundedCalls reads;
  private final BoundedCalls streams;

  /**
   * @param links whether images in the object store are handed out as links
   * @param reads reads of receipts
   * @param streams reads of images, which last as long as a caller takes
   */
  public ReadResults(
      ImageShelf images,
      boolean links,
      ReceiptShelf receipts,
      BoundedCalls reads,
      BoundedCalls streams) {
    this.images = images;
    this.links = links;
    this.receipts = receipts;
    this.reads = reads;
    this.streams = streams;
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
    image(routing, () -> images.panel(id, tenant, panel, way(routing)));
  }

  private void sheet(RoutingContext routing) {
    String id = routing.pathParam("id");
    String tenant = Gate.tenant(routing).id();
    image(routing, () -> images.sheet(id, tenant, way(routing)));
  }

  private ImageShelf.Way way(RoutingContext routing) {
    String preferred = routing.request().getHeader("Prefer");
    return links && (preferred == null || !BYTES_PREFERRED.matcher(preferred).find())
        ? ImageShelf.Way.LINK
        : ImageShelf.Way.STREAM;
  }

  private void receipt(RoutingContext routing) {
    String id = routing.pathParam("id");
    String tenant = Gate.tenant(routing).id();
    reads.answer(routing, () -> receipts.receipt(id, tenant), result -> answer(routing, result));
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

  private void image(RoutingContext routing, Callable<ImageResult> look) {
    StreamedBody body = new StreamedBody(Vertx.currentContext(), routing.response());
    streams.answer(
        routing,
        () -> streamed(routing, body, look.call()),
        left -> left.ifPresent(result -> answer(routing, result)));
  }

  /** Sends an open object while this thread waits. Returns any other result. */
  private static Optional<ImageResult> streamed(
      RoutingContext routing, StreamedBody body, ImageResult result) throws IOException {
    if (!(result instanceof ImageResult.Opened(var object, var format, var digest))) {
      return Optional.of(result);
    }
    try (object) {
      body.send(
          () -> follows(routing, format, object.length(), tag(digest)),
          out -> object.bytes().transferTo(out));
    }
    return Optional.empty();
  }

  private static boolean follows(
      RoutingContext routing, ImageFormat format, long length, String tag) {
    boolean follows = !unchanged(routing, tag);
    if (follows) {
      routing
          .response()
          .putHeader(HttpHeaders.CONTENT_TYPE, format.mediaType())
          .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
    }
    return follows;
  }

  private static void answer(RoutingContext routing, ImageResult result) {
    switch (result) {
      case ImageResult.Absent(ErrorCode code, String detail) ->
          Answer.problem(routing, code, detail);
      case ImageResult.Found(byte[] bytes, ImageFormat format, String digest) -> {
        if (!unchanged(routing, tag(digest))) {
          routing
              .response()
              .putHeader(HttpHeaders.CONTENT_TYPE, format.mediaType())
              .end(Buffer.buffer(bytes));
        }
      }
      case ImageResult.Linked(URI link) -> redirect(routing.response(), link);
      case ImageResult.Opened _ -> throw new IllegalStateException("it was sent before");
    }
  }

  private static void redirect(HttpServerResponse response, URI link) {
    if (!response.closed()) {
      response
          .setStatusCode(307)
          .putHeader(HttpHeaders.LOCATION, link.toString())
          .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
          .end();
    }
  }

  /** Sets the head, and answers a caller that is gone or has these bytes already. */
  private static boolean unchanged(RoutingContext routing, String tag) {
    HttpServerResponse response = routing.response();
    if (response.closed()) {
      return true;
    }
    response.putHeader(HttpHeaders.ETAG, tag).putHeader(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL);
    boolean held = EntityTags.holds(routing.request(), tag);
    if (held) {
      response.setStatusCode(304).end();
    }
    return held;
  }

  private static String tag(String digest) {
    return '"' + digest + '"';
  }
}

package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.results.ImageResult;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.ImageFormat;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Writes an image, or what there is instead. */
final class ImageAnswer {
  /** The images of a job never change, but whose they are is not for shared caches to forget. */
  private static final String CACHE_CONTROL = "private, max-age=31536000, immutable";

  private ImageAnswer() {}

  static void send(RoutingContext routing, ImageResult result) {
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

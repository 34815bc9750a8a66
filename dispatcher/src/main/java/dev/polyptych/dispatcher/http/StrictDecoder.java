package dev.polyptych.dispatcher.http;

import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Refuses a request that has both Content-Length and Transfer-Encoding. Netty drops the length and
 * reads the chunks. A proxy in front that goes by the length would see another end of the request,
 * and what follows would be a request that the proxy has not checked (RFC 9112, section 6.3).
 */
final class StrictDecoder extends VertxHttpRequestDecoder {
  private static final String NAME = "httpDecoder";

  private StrictDecoder(HttpServerOptions options) {
    super(options);
  }

  /** Replaces the decoder of a connection that has read nothing yet. */
  static void install(HttpConnection connection, HttpServerOptions options) {
    ((ConnectionBase) connection)
        .channel()
        .pipeline()
        .replace(NAME, NAME, new StrictDecoder(options));
  }

  /** The decoder reports what is thrown here as a bad message, which is answered with 400. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
  }
}

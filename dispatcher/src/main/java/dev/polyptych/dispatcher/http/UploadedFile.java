package dev.polyptych.dispatcher.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.FileSystem;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;

/**
 * Writes the body of a request to a temporary file as it comes, so that it takes no memory. Event
 * loop only.
 */
final class UploadedFile {
  private final FileSystem files;
  private final HttpServerRequest request;
  private final long mostBytes;
  private final Promise<Void> written = Promise.promise();
  private long bytes;

  private UploadedFile(Vertx vertx, HttpServerRequest request, long mostBytes) {
    this.files = vertx.fileSystem();
    this.request = request;
    this.mostBytes = mostBytes;
  }

  /** The body has more bytes than are taken. */
  static final class TooLargeException extends Exception {
    private static final long serialVersionUID = 1L;

    TooLargeException(long mostBytes) {
      super("at most %d bytes are taken".formatted(mostBytes));
    }
  }

  /**
   * The file with the whole body; the caller deletes it. The future fails with {@link
   * TooLargeException} as soon as the body is known to be too large; then no file is left, and the
   * rest of the body is read and discarded.
   */
  static Future<Path> receive(Vertx vertx, HttpServerRequest request, long mostBytes) {
    return new UploadedFile(vertx, request, mostBytes).receive();
  }

  private Future<Path> receive() {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && length.matches("\\d{1,18}") && Long.parseLong(length) > mostBytes) {
      return Future.failedFuture(new TooLargeException(mostBytes));
    }
    request.pause();
    return files
        .createTempFile("adapter", ".safetensors")
        .compose(
            path ->
                files
                    .open(path, new OpenOptions().setRead(false).setTruncateExisting(true))
                    .compose(this::write)
                    .map(Path.of(path))
                    .onFailure(failed -> files.delete(path)));
  }

  private Future<Void> write(AsyncFile file) {
    request.handler(part -> take(file, part));
    request.endHandler(end -> written.tryComplete());
    request.exceptionHandler(written::tryFail);
    request.resume();
    return written.future().eventually(file::close);
  }

  private void take(AsyncFile file, Buffer part) {
    bytes += part.length();
    if (bytes > mostBytes) {
      fail(new TooLargeException(mostBytes));
      return;
    }
    file.write(part).onFailure(this::fail);
    if (file.writeQueueFull()) {
      request.pause();
      file.drainHandler(drained -> request.resume());
    }
  }

  private void fail(Throwable failure) {
    request.handler(rest -> {});
    request.resume();
    written.tryFail(failure);
  }
}

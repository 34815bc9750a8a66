package dev.polyptych.lab.bench.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Readers on plain sockets, all on one thread, so that the bench measures the dispatcher and not
 * its clients.
 */
final class StreamReaders implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final InetSocketAddress dispatcher;
  private final Selector selector = Selector.open();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicInteger open = new AtomicInteger();
  private final Thread thread;

  StreamReaders(URI dispatcher) throws IOException {
    this.dispatcher = new InetSocketAddress(dispatcher.getHost(), dispatcher.getPort());
    this.thread = Thread.ofPlatform().name("stream-readers").start(this::read);
  }

  /** Requests a job's events and returns immediately. */
  void open(String job, StreamReader reader) throws IOException {
    String request =
        "GET /v1/jobs/%s/events HTTP/1.1\r\nHost: %s:%d\r\n\r\n"
            .formatted(job, dispatcher.getHostString(), dispatcher.getPort());
    SocketChannel channel = SocketChannel.open(dispatcher);
    // The request is so short that a new socket accepts it at once.
    channel.write(ByteBuffer.wrap(request.getBytes(US_ASCII)));
    channel.configureBlocking(false);
    open.incrementAndGet();
    channel.register(selector, SelectionKey.OP_READ, reader);
    selector.wakeup();
  }

  /** Number of streams that are still open. */
  int held() {
    return open.get();
  }

  /** Completes exceptionally if a reader was refused or failed. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try {
      while (selector.isOpen()) {
        selector.select(key -> read(key, buffer));
      }
      ended.complete(null);
    } catch (IOException | RuntimeException broken) {
      if (selector.isOpen()) {
        ended.completeExceptionally(broken);
      } else {
        ended.complete(null);
      }
    }
  }

  private void read(SelectionKey key, ByteBuffer buffer) {
    try {
      buffer.clear();
      if (((SocketChannel) key.channel()).read(buffer) < 0) {
        key.channel().close();
        open.decrementAndGet();
      } else {
        ((StreamReader) key.attachment()).received(buffer.flip());
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

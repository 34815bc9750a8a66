package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.results.ImageResult;
import dev.polyptych.dispatcher.results.ImageShelf;
import dev.polyptych.dispatcher.results.ReceiptResult;
import dev.polyptych.dispatcher.results.ReceiptShelf;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.store.JobStore;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** {@code GET /v1/jobs/{id}/archive}: a ZIP of a set, with one image in memory at most. */
public final class ReadArchive {
  private final JobStore jobs;
  private final ImageShelf images;
  private final ReceiptShelf receipts;
  private final BoundedCalls calls;

  public ReadArchive(JobStore jobs, ImageShelf images, ReceiptShelf receipts, BoundedCalls calls) {
    this.jobs = jobs;
    this.images = images;
    this.receipts = receipts;
    this.calls = calls;
  }

  public List<ApiOperation> operations() {
    return List.of(new ApiOperation("readArchive", this::archive));
  }

  private void archive(RoutingContext routing) {
    String id = routing.pathParam("id");
    String tenant = Gate.tenant(routing).id();
    StreamedBody body = new StreamedBody(Vertx.currentContext(), routing.response());
    calls.answer(
        routing,
        () -> sent(body, routing.response(), id, tenant),
        refusal ->
            refusal.ifPresent(absent -> Answer.problem(routing, absent.code(), absent.detail())));
  }

  /** Sends the archive while this thread waits; or returns why there is none. */
  private Optional<ImageResult.Absent> sent(
      StreamedBody body, HttpServerResponse response, String id, String tenant) throws IOException {
    Optional<JobStatus> job = jobs.status(id, tenant);
    if (job.isEmpty()) {
      return Optional.of(new ImageResult.Absent(ErrorCode.UNKNOWN_JOB, "there is no job " + id));
    }
    ImageResult sheet = images.sheet(id, tenant, ImageShelf.Way.STREAM);
    if (sheet instanceof ImageResult.Absent absent) {
      return Optional.of(absent);
    }
    body.send(() -> head(response, id), out -> write(job.get(), sheet, out));
    return Optional.empty();
  }

  private static boolean head(HttpServerResponse response, String id) {
    if (response.closed()) {
      return false;
    }
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/zip")
        .putHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + id + ".zip\"");
    return true;
  }

  private void write(JobStatus job, ImageResult sheet, OutputStream out) throws IOException {
    Archive archive = new Archive(job, out);
    archive.add("sheet", sheet);
    for (int panel = 1; panel <= job.panels(); panel++) {
      archive.add(
          "panel-" + panel, images.panel(job.id(), job.tenant(), panel, ImageShelf.Way.STREAM));
    }
    if (receipts.receipt(job.id(), job.tenant()) instanceof ReceiptResult.Found(byte[] json)) {
      archive.add("receipt.json", json);
    }
    archive.end();
  }

  /** Entries lie in a folder of the job's name. */
  private static final class Archive {
    private final JobStatus job;
    private final ZipOutputStream zip;

    Archive(JobStatus job, OutputStream out) {
      this.job = job;
      this.zip = new ZipOutputStream(out);
      // Images are compressed already.
      zip.setLevel(Deflater.NO_COMPRESSION);
    }

    void add(String name, ImageResult image) throws IOException {
      String file = name + "." + job.format().text();
      switch (image) {
        case ImageResult.Found found -> add(file, found.bytes());
        case ImageResult.Opened opened -> {
          try (var object = opened.object()) {
            begin(file);
            object.bytes().transferTo(zip);
            zip.closeEntry();
          }
        }
        case ImageResult.Absent absent -> throw new IOException(absent.detail());
        case ImageResult.Linked _ -> throw new IllegalStateException("a stream was asked for");
      }
    }

    void add(String file, byte[] bytes) throws IOException {
      begin(file);
      zip.write(bytes);
      zip.closeEntry();
    }

    private void begin(String file) throws IOException {
      ZipEntry entry = new ZipEntry(job.id() + "/" + file);
      job.times().finished().map(Instant::toEpochMilli).ifPresent(entry::setTime);
      zip.putNextEntry(entry);
    }

    void end() throws IOException {
      zip.finish();
    }
  }
}

package dev.polyptych.cli.command;

import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.catalog.TextReading;
import dev.polyptych.schema.job.JobEstimate;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Submits one job, shows its progress and writes its images. */
final class PanelSetDownload {
  private final DispatcherClient client;
  private final PrintWriter out;

  PanelSetDownload(DispatcherClient client, PrintWriter out) {
    this.client = client;
    this.out = out;
  }

  /**
   * @return whether the job ended with images
   */
  boolean run(byte[] job, Path folder) throws IOException, InterruptedException {
    return fetch(submit(job), folder, Optional.empty());
  }

  /** Submits a job and says what is known of it. */
  JobStatus submit(byte[] job) throws IOException, InterruptedException {
    JobStatus submitted = client.submit(job);
    out.printf("job %s (%s, seed %d)%n", submitted.id(), submitted.task(), submitted.seed());
    submitted.text().map(TextReading::unknownWords).ifPresent(this::warn);
    submitted.estimate().map(PanelSetDownload::outlook).ifPresent(out::println);
    out.flush();
    return submitted;
  }

  /**
   * Follows a job and writes its images.
   *
   * @param receipt file that the job's receipt is written to
   * @return whether the job ended with images
   */
  boolean fetch(JobStatus submitted, Path folder, Optional<Path> receipt)
      throws IOException, InterruptedException {
    JobEvent last = client.follow(submitted.id(), new ProgressBar(out)::show);
    if (last.state() != JobState.DONE) {
      String reason = last.error().map(error -> ": " + error.detail()).orElse("");
      out.println("the job ended as " + last.state().text() + reason);
      return false;
    }
    client.download(submitted, folder).forEach(out::println);
    if (receipt.isPresent()) {
      out.println(Files.write(receipt.get(), client.receipt(submitted.id())));
    }
    out.flush();
    return true;
  }

  private void warn(List<String> unknown) {
    if (!unknown.isEmpty()) {
      out.println("note: the model knows no " + String.join(", ", unknown));
    }
  }

  /** What is known of when and how long. */
  private static String outlook(JobEstimate estimate) {
    List<String> parts = new ArrayList<>();
    estimate.jobsAhead().ifPresent(jobs -> parts.add(jobs + " jobs ahead"));
    estimate.start().ifPresent(at -> parts.add("starts about " + at));
    estimate.gpuSeconds().ifPresent(seconds -> parts.add("takes %.1f s".formatted(seconds)));
    return "estimate: " + String.join(", ", parts);
  }
}

package dev.polyptych.lab.bench.uploads;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.polyptych.engine.image.PictureException;
import dev.polyptych.engine.image.PictureReader;
import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.lab.bench.BenchReport.Findings;
import dev.polyptych.lab.bench.Timings;
import dev.polyptych.lab.bench.uploads.HostilePictures.Hostile;
import dev.polyptych.schema.picture.PictureCheck;
import dev.polyptych.schema.picture.PictureFormat;
import dev.polyptych.schema.picture.PictureHeader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Uploads hostile pictures to a dispatcher in this process. Measures processor time and allocated
 * memory three times for each picture: of the check alone, of the upload, and of decoding what
 * passes the check, as a worker does. The time of an upload is that of all Java threads but the
 * client's, the broker's included, so it is an upper bound. {@code upload_process_cpu_max_ms} is
 * that of the whole process, with client, compiler and collector.
 */
public final class UploadBench {
  private static final double MOST_MILLIS = 200;
  private static final double MOST_MEGABYTES = 256;

  /** Uploads before the first that counts, as a dispatcher that runs has had. */
  private static final int WARM_UP = 50;

  /** Threads of the client. */
  private static final String CLIENT = "HttpClient";

  private static final String ROW = "| %-16s | %5s | %8s | %9s | %9s | %9s | %9s | %9s | %9s |%n";

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final OperatingSystemMXBean process =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final URI dispatcher;
  private final HostilePictures pictures;
  private final int count;
  private final Consumer<String> progress;
  private final Map<String, Tally> tallies = new TreeMap<>();
  private final Map<Integer, Integer> answers = new TreeMap<>();
  private Timings checks = new Timings();
  private long processNanos;

  public UploadBench(
      URI dispatcher, HostilePictures pictures, int count, Consumer<String> progress) {
    this.dispatcher = dispatcher;
    this.pictures = pictures;
    this.count = count;
    this.progress = progress;
  }

  /** The most that one picture of a kind cost. */
  private static final class Tally {
    private int made;
    private int accepted;
    private Cost check = Cost.NONE;
    private Cost upload = Cost.NONE;
    private Cost decode = Cost.NONE;
  }

  private record Cost(double millis, double megabytes) {
    static final Cost NONE = new Cost(0, 0);

    Cost most(Cost other) {
      return new Cost(Math.max(millis, other.millis()), Math.max(megabytes, other.megabytes()));
    }
  }

  /**
   * @throws IOException if an upload gets no answer
   */
  public Findings run() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HostilePictures others = new HostilePictures(-1);
      for (int i = 0; i < WARM_UP; i++) {
        measure(others.next(), http);
      }
      tallies.clear();
      answers.clear();
      checks = new Timings();
      processNanos = 0;
      for (int i = 1; i <= count; i++) {
        Hostile picture = pictures.next();
        measure(picture, http);
        if (i % 100 == 0) {
          progress.accept(i + " of " + count + " pictures");
        }
      }
    }
    return findings();
  }

  private void measure(Hostile picture, HttpClient http) throws IOException, InterruptedException {
    Tally tally = tallies.computeIfAbsent(picture.kind(), kind -> new Tally());
    tally.made++;
    long cpu = threads.getCurrentThreadCpuTime();
    long bytes = threads.getCurrentThreadAllocatedBytes();
    Optional<PictureFormat> format = PictureFormat.of(picture.bytes());
    boolean sound =
        format.isPresent()
            && PictureCheck.flaw(
                    format.get(),
                    PictureHeader.read(format.get(), picture.bytes()),
                    picture.bytes())
                .isEmpty();
    long spent = threads.getCurrentThreadCpuTime() - cpu;
    checks.add(spent);
    tally.check = tally.check.most(cost(spent, threads.getCurrentThreadAllocatedBytes() - bytes));
    upload(picture, http, tally);
    if (sound) {
      decode(picture, tally);
    }
  }

  private void upload(Hostile picture, HttpClient http, Tally tally)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(dispatcher.resolve("/v1/references"))
            .header("Content-Type", "image/png")
            .PUT(BodyPublishers.ofByteArray(picture.bytes()))
            .build();
    long whole = process.getProcessCpuTime();
    Map<Long, Long> cpu = threadTimes();
    long bytes = threads.getTotalThreadAllocatedBytes();
    int status = http.send(request, BodyHandlers.discarding()).statusCode();
    bytes = threads.getTotalThreadAllocatedBytes() - bytes;
    long spent = 0;
    for (Map.Entry<Long, Long> time : threadTimes().entrySet()) {
      spent += time.getValue() - cpu.getOrDefault(time.getKey(), 0L);
    }
    tally.upload = tally.upload.most(cost(spent, bytes));
    processNanos = Math.max(processNanos, process.getProcessCpuTime() - whole);
    answers.merge(status, 1, Integer::sum);
    tally.accepted += status == 201 ? 1 : 0;
  }

  /** Processor time of each Java thread but the client's so far, in nanoseconds. */
  private Map<Long, Long> threadTimes() {
    Map<Long, Long> times = new HashMap<>();
    long own = Thread.currentThread().threadId();
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null
          && thread.getThreadId() != own
          && !thread.getThreadName().startsWith(CLIENT)) {
        times.put(
            thread.getThreadId(), Math.max(0, threads.getThreadCpuTime(thread.getThreadId())));
      }
    }
    return times;
  }

  private void decode(Hostile picture, Tally tally) {
    long cpu = threads.getCurrentThreadCpuTime();
    long bytes = threads.getCurrentThreadAllocatedBytes();
    try {
      PictureReader.read(picture.kind(), picture.bytes());
    } catch (PictureException refused) {
      progress.accept(refused.getMessage());
    }
    tally.decode =
        tally.decode.most(
            cost(
                threads.getCurrentThreadCpuTime() - cpu,
                threads.getCurrentThreadAllocatedBytes() - bytes));
  }

  private static Cost cost(long nanos, long bytes) {
    return new Cost(nanos / 1e6, bytes / 1e6);
  }

  private Findings findings() {
    Cost check = Cost.NONE;
    Cost upload = Cost.NONE;
    Cost decode = Cost.NONE;
    for (Tally tally : tallies.values()) {
      check = check.most(tally.check);
      upload = upload.most(tally.upload);
      decode = decode.most(tally.decode);
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("pictures", (double) count);
    answers.forEach((status, times) -> figures.put("answered_" + status, (double) times));
    figures.put("check_cpu_p50_ms", checks.percentile(0.5) * 1e3);
    figures.put("check_cpu_p99_ms", checks.percentile(0.99) * 1e3);
    figures.put("check_cpu_max_ms", check.millis());
    figures.put("check_allocated_max_mb", check.megabytes());
    figures.put("upload_cpu_max_ms", upload.millis());
    figures.put("upload_process_cpu_max_ms", processNanos / 1e6);
    figures.put("upload_allocated_max_mb", upload.megabytes());
    figures.put("decode_cpu_max_ms", decode.millis());
    figures.put("decode_allocated_max_mb", decode.megabytes());
    return new Findings(
        figures,
        List.of(
            Aim.below("upload_cpu_max_ms", MOST_MILLIS, upload.millis()),
            Aim.below("upload_allocated_max_mb", MOST_MEGABYTES, upload.megabytes()),
            Aim.atMost("answered_5xx", 0, broken())));
  }

  private double broken() {
    return answers.entrySet().stream()
        .filter(answer -> answer.getKey() >= 500)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** The most that a picture of each kind cost, for people. */
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        ROW.formatted(
            "kind",
            "made",
            "accepted",
            "check ms",
            "check MB",
            "upload ms",
            "upload MB",
            "decode ms",
            "decode MB"));
    text.append(ROW.formatted("---", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:"));
    tallies.forEach(
        (kind, tally) ->
            text.append(
                ROW.formatted(
                    kind,
                    tally.made,
                    tally.accepted,
                    number(tally.check.millis()),
                    number(tally.check.megabytes()),
                    number(tally.upload.millis()),
                    number(tally.upload.megabytes()),
                    number(tally.decode.millis()),
                    number(tally.decode.megabytes()))));
    return text.toString();
  }

  private static String number(double value) {
    return "%.1f".formatted(value);
  }
}

package dev.polyptych.lab.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.client.RefusedException;
import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.json.Json;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/**
 * Several users, each of whom does one thing after another: renders, cancels, draws panels again,
 * refers to pictures, watches previews, submits batches, and makes mistakes. Each user waits for
 * the end of his jobs.
 */
final class SoakLoad implements AutoCloseable {
  private static final int BATCH_LINES = 4;
  private static final int PICTURE_EDGE = 96;

  private final DispatcherClient dispatcher;
  private final Jobs.Accepted accepted;
  private final List<Task> tasks;
  private final int steps;
  private final Consumer<String> progress;
  private final Map<Deed, AtomicLong> done = new EnumMap<>(Deed.class);
  private final AtomicLong faults = new AtomicLong();
  private final List<Thread> users = new ArrayList<>();
  private volatile boolean closed;

  /** What a user does. */
  enum Deed {
    RENDER,
    CANCEL,
    REROLL,
    REFERENCE,
    PREVIEW,
    BATCH,
    MISTAKE;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param steps of each job
   * @param progress gets a line for each fault
   */
  SoakLoad(
      DispatcherClient dispatcher,
      Jobs.Accepted accepted,
      List<Task> tasks,
      int steps,
      Consumer<String> progress) {
    this.dispatcher = dispatcher;
    this.accepted = accepted;
    this.tasks = List.copyOf(tasks);
    this.steps = steps;
    this.progress = progress;
    for (Deed deed : Deed.values()) {
      done.put(deed, new AtomicLong());
    }
  }

  /** Starts the users. */
  void start(int count) {
    for (int user = 0; user < count; user++) {
      Random random = new Random(user);
      users.add(Thread.ofVirtual().name("user-" + user).start(() -> use(random)));
    }
  }

  /** How often each was done, and the answers that nobody expects. */
  Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    done.forEach((deed, count) -> figures.put(deed.text() + "_done", (double) count.get()));
    return figures;
  }

  /** Number of unexpected answers. */
  long faults() {
    return faults.get();
  }

  /** Lets every user finish what he is doing. */
  void finish() throws InterruptedException {
    closed = true;
    for (Thread user : users) {
      user.join();
    }
  }

  private void use(Random random) {
    Deed[] deeds = Deed.values();
    try {
      while (!closed) {
        Deed deed = deeds[random.nextInt(deeds.length)];
        try {
          carryOut(deed, random);
          done.get(deed).incrementAndGet();
        } catch (RefusedException refused) {
          if (!refused.temporary()) {
            fault(deed, refused);
          }
          TimeUnit.SECONDS.sleep(1);
        } catch (IOException | DrillFailedException failed) {
          fault(deed, failed);
          TimeUnit.SECONDS.sleep(1);
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void fault(Deed deed, Exception failed) {
    faults.incrementAndGet();
    progress.accept(deed.text() + " failed: " + failed);
  }

  private void carryOut(Deed deed, Random random) throws IOException, InterruptedException {
    switch (deed) {
      case RENDER -> rendered(body(random));
      case CANCEL -> cancel(random);
      case REROLL -> {
        JobStatus job = rendered(body(random));
        finish(noted(dispatcher.reroll(job.id(), 1 + random.nextInt(job.panels()))));
      }
      case REFERENCE -> refer(random);
      case PREVIEW -> {
        Map<String, Object> body = body(random);
        body.put("previews", true);
        rendered(body);
      }
      case BATCH -> batch(random);
      case MISTAKE -> mistake(random);
    }
  }

  /** Submits a job, follows it to its end and reads its results. */
  private JobStatus rendered(Map<String, Object> body) throws IOException, InterruptedException {
    return finish(noted(dispatcher.submit(Json.bytes(body))));
  }

  private JobStatus finish(JobStatus job) throws IOException, InterruptedException {
    JobStatus end = dispatcher.await(job.id());
    if (end.state() != JobState.DONE) {
      throw new DrillFailedException("job %s ended %s".formatted(end.id(), end.state().text()));
    }
    dispatcher.image(end.id(), "sheet");
    dispatcher.receipt(end.id());
    return end;
  }

  private void cancel(Random random) throws IOException, InterruptedException {
    JobStatus job = noted(dispatcher.submit(Json.bytes(body(random))));
    TimeUnit.MILLISECONDS.sleep(random.nextInt(2_000));
    try {
      dispatcher.cancel(job.id());
    } catch (RefusedException settled) {
      if (settled.status() != 409) {
        throw settled;
      }
    }
  }

  private void refer(Random random) throws IOException, InterruptedException {
    Map<String, Object> body = body(random);
    int panels = ((List<?>) body.get("panels")).size();
    String key = dispatcher.keepReference(picture(random), "image/png");
    body.put("references", List.of(Map.of("panel", 1 + random.nextInt(panels), "key", key)));
    rendered(body);
  }

  /** The last line has a mistake. */
  private void batch(Random random) throws IOException, InterruptedException {
    StringBuilder lines = new StringBuilder();
    for (int line = 0; line < BATCH_LINES; line++) {
      lines.append(new String(Json.bytes(body(random)), UTF_8)).append('\n');
    }
    lines.append("{\"task\": 1}\n");
    List<String> ids = new ArrayList<>();
    for (JsonNode verdict : dispatcher.submitBatch(lines.toString())) {
      if (verdict.has("id")) {
        ids.add(verdict.path("id").textValue());
        accepted.note(verdict.path("id").textValue());
      }
    }
    for (String id : ids) {
      dispatcher.await(id);
    }
  }

  /** Must be refused as the caller's mistake. */
  private void mistake(Random random) throws IOException, InterruptedException {
    try {
      switch (random.nextInt(3)) {
        case 0 -> dispatcher.submit("{\"task\": \"film".getBytes(UTF_8));
        case 1 ->
            dispatcher.submit(Json.bytes(Map.of("task", "no-such-task", "panels", List.of())));
        default -> {
          byte[] picture = picture(random);
          dispatcher.keepReference(Arrays.copyOf(picture, picture.length / 2), "image/png");
        }
      }
      throw new DrillFailedException("a mistake was accepted");
    } catch (RefusedException refused) {
      if (refused.status() < 400 || refused.status() >= 500) {
        throw refused;
      }
    }
  }

  private JobStatus noted(JobStatus job) {
    accepted.note(job.id());
    return job;
  }

  private Map<String, Object> body(Random random) {
    Task task = tasks.get(random.nextInt(tasks.size()));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("task", task.id());
    body.put("prompt", task.example().prompt());
    body.put("panels", task.example().panels());
    body.put("steps", steps);
    body.put("lane", (random.nextBoolean() ? Lane.BATCH : Lane.INTERACTIVE).text());
    return body;
  }

  private static byte[] picture(Random random) throws IOException {
    BufferedImage picture =
        new BufferedImage(PICTURE_EDGE, PICTURE_EDGE, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = picture.createGraphics();
    pen.setColor(new Color(random.nextInt(1 << 24)));
    pen.fillRect(0, 0, PICTURE_EDGE, PICTURE_EDGE);
    pen.setColor(new Color(random.nextInt(1 << 24)));
    pen.fillOval(0, 0, 1 + random.nextInt(PICTURE_EDGE), 1 + random.nextInt(PICTURE_EDGE));
    pen.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", png);
    return png.toByteArray();
  }

  /** Ends immediately. */
  @Override
  public void close() {
    closed = true;
    users.forEach(Thread::interrupt);
  }
}

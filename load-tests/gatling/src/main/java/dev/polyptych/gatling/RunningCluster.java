package dev.polyptych.gatling;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code polyptych up} as a child process with free ports and its own data. */
final class RunningCluster implements AutoCloseable {
  private static final Pattern JOBS = Pattern.compile("\\s*jobs\\s+(http://\\S+)/v1/jobs");
  private static final int LEAVES_WITHIN_SECONDS = 30;

  private final Process process;
  private final Path data;
  private final URI dispatcher;

  private RunningCluster(Process process, Path data, URI dispatcher) {
    this.process = process;
    this.data = data;
    this.dispatcher = dispatcher;
  }

  /**
   * Returns when it is ready. Its log goes to standard error.
   *
   * @param polyptych the command, without {@code up}
   * @throws IOException if it ends before it is ready
   */
  static RunningCluster start(List<String> polyptych) throws IOException {
    Path data = Files.createTempDirectory("polyptych-load");
    List<String> command = new ArrayList<>(polyptych);
    command.addAll(
        List.of("up", "--data", data.toString(), "--set", "port=0", "--set", "managementPort=0"));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader screen = process.inputReader();
    for (String line = screen.readLine(); line != null; line = screen.readLine()) {
      Matcher jobs = JOBS.matcher(line);
      if (jobs.matches()) {
        Thread.ofVirtual().start(() -> forward(screen));
        return new RunningCluster(process, data, URI.create(jobs.group(1)));
      }
    }
    throw new IOException("'" + String.join(" ", command) + "' ended before it was ready");
  }

  /** Reads the pipe so that it does not fill up. */
  private static void forward(BufferedReader screen) {
    screen.lines().forEach(System.err::println);
  }

  URI dispatcher() {
    return dispatcher;
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(LEAVES_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stopping) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroy);
    try (Stream<Path> files = Files.walk(data)) {
      files.sorted(Comparator.reverseOrder()).forEach(RunningCluster::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException left) {
      throw new UncheckedIOException(left);
    }
  }
}

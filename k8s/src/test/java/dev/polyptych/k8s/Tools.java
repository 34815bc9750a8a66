package dev.polyptych.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/**
 * Programs and packages that the tests want and the build does not bring along. Where one can't be
 * had its tests are skipped, and say why.
 */
final class Tools {
  /** Surefire and IDEs run tests in the module's folder. */
  static final Path MODULE = Path.of("").toAbsolutePath();

  private static final String KUSTOMIZE = "sigs.k8s.io/kustomize/kustomize/v5@v5.7.1";
  private static final int MINUTES = 8;

  private Tools() {}

  /** What a program said, and its exit status. */
  record Run(int status, String output) {}

  static Run run(Map<String, String> environment, List<String> command) {
    try {
      Path output = Files.createTempFile("tool", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw skip(command.getFirst() + " took more than " + MINUTES + " minutes");
      }
      String said = Files.readString(output, UTF_8);
      Files.delete(output);
      return new Run(process.exitValue(), said);
    } catch (IOException absent) {
      throw skip(command.getFirst() + " is not installed: " + absent.getMessage());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw skip("interrupted");
    }
  }

  /** The folder of a Go module, from the module cache or the proxy. */
  static Path goModule(String module) {
    Run download = run(Map.of(), List.of("go", "mod", "download", "-json", module));
    if (download.status() != 0) {
      throw skip(module + " can't be had: " + download.output());
    }
    try {
      String json = download.output().substring(download.output().indexOf('{'));
      return Path.of(new ObjectMapper().readTree(json).get("Dir").textValue());
    } catch (IOException unreadable) {
      throw new IllegalStateException("go said " + download.output(), unreadable);
    }
  }

  /** A folder, rendered; the program is built once. */
  static String kustomize(Path folder) {
    Path bin = MODULE.resolve("target/tools");
    if (!Files.isExecutable(bin.resolve("kustomize"))) {
      Run install = run(Map.of("GOBIN", bin.toString()), List.of("go", "install", KUSTOMIZE));
      if (install.status() != 0) {
        throw skip("kustomize can't be built: " + install.output());
      }
    }
    Run build =
        run(Map.of(), List.of(bin.resolve("kustomize").toString(), "build", folder.toString()));
    if (build.status() != 0) {
      throw new AssertionError("kustomize build " + folder + ": " + build.output());
    }
    return build.output();
  }

  static TestAbortedException skip(String reason) {
    System.out.println("SKIPPED: " + reason);
    return new TestAbortedException(reason);
  }
}

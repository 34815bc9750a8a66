package dev.polyptych.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What can be checked of the images without building them. */
class ImagesTest {
  private static final Set<String> TARGETS =
      Set.of("dispatcher", "worker", "worker-cuda", "all-in-one");

  @Test
  void theLayerOfDependenciesHasThePomOfEachModule() throws IOException {
    Set<String> modules = found("<module>(.*)</module>", Files.readString(Path.of("../pom.xml")));

    Set<String> copied = found("COPY (.*)/pom\\.xml .*", dockerfile());

    assertEquals(modules, copied);
  }

  /** Maven on JDK 25 compiles in its own process, and Error Prone needs these flags there. */
  @Test
  void theBuildHasTheFlagsOfMavensOwnJvm() throws IOException {
    assertTrue(found("COPY (?!--)(\\S+) \\S+", dockerfile()).contains(".mvn"));
  }

  @Test
  void theLaboratoryNeverEntersTheBuild() throws IOException {
    Set<String> sources = found("COPY (?!--)(\\S+) \\S+", dockerfile());

    assertTrue(sources.contains("dispatcher"), sources.toString());
    for (String laboratory : List.of("nano", "load-tests", ".", "./")) {
      assertFalse(sources.contains(laboratory), laboratory + " is copied");
    }
  }

  @Test
  void aServicesImageHasTheServicesPartsAlone() throws IOException {
    String part = "/lib(?:raries)?/(\\w+)[ /]";
    assertEquals(Set.of(), found(part, stage("base") + stage("ours") + stage("dispatcher")));
    assertEquals(
        Set.of("worker"),
        found(part, stage("worker-files") + stage("ours-worker") + stage("worker")));
    assertEquals(Set.of("embedded"), found(part, stage("ours-embedded") + stage("all-in-one")));
  }

  /** So a new version sends only what is ours; libtorch and the jars of others stay. */
  @Test
  void whatIsOursComesLast() throws IOException {
    for (String target : TARGETS) {
      List<String> copies = stage(target).lines().filter(line -> line.startsWith("COPY ")).toList();
      assertTrue(copies.getLast().startsWith("COPY --from=ours"), copies.toString());
      assertFalse(stage(target).contains("--from=build"), target);
    }
  }

  @Test
  void eachImageRunsAsAUserWithoutRights() throws IOException {
    for (String target : TARGETS) {
      assertTrue(stage(target).contains("USER 10001:10001"), target);
    }
  }

  @Test
  void composeAndManifestsNameImagesThatAreBuilt() throws IOException {
    String compose = Files.readString(Path.of("../compose.yaml"));
    assertEquals(
        Set.of("dispatcher", "worker", "worker-cuda"), found("target: ([\\w-]+)", compose));
    for (String overlay : List.of("local", "production")) {
      for (String name : List.of("polyptych-dispatcher", "polyptych-gpu-worker")) {
        String image =
            Manifests.of(overlay)
                .the("Deployment", name)
                .at("/spec/template/spec/containers/0/image")
                .asText();
        String target = image.replaceFirst(".*polyptych-", "").replaceFirst(":.*", "");
        assertTrue(TARGETS.contains(target), image);
      }
    }
  }

  private static String dockerfile() throws IOException {
    return Files.readString(Path.of("images/Dockerfile"));
  }

  /** The lines of a stage, from its FROM to the next one's. */
  private static String stage(String name) throws IOException {
    return Pattern.compile("^FROM ", Pattern.MULTILINE)
        .splitAsStream(dockerfile())
        .filter(stage -> stage.lines().findFirst().orElse("").endsWith(" AS " + name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no stage " + name));
  }

  private static Set<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}

package dev.polyptych.dispatcher.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleFilesTest {
  private static final int MOST_BYTES = 150_000;

  private final ConsoleFiles files = ConsoleFiles.load();

  @Test
  void allOfItWeighsNoMoreThanAPicture() {
    int bytes = files.paths().stream().mapToInt(path -> text(path).getBytes(UTF_8).length).sum();

    assertTrue(bytes <= MOST_BYTES, () -> "the console has " + bytes + " bytes");
  }

  @Test
  void thePageAndItsModulesNameWhatThereIsAndNothingMore() {
    Set<String> named = new TreeSet<>();
    String version = files.paths().get(1).split("/")[0];
    Matcher inPage = Pattern.compile("(?:src|href)=\"([^\"#]+)\"").matcher(text(""));
    while (inPage.find()) {
      named.add(inPage.group(1));
    }
    for (String path : files.paths()) {
      Matcher imports = Pattern.compile("from '\\./([^']+)'").matcher(text(path));
      while (imports.find()) {
        named.add(version + "/" + imports.group(1));
      }
    }

    named.add("");
    assertEquals(new TreeSet<>(files.paths()), named);
  }

  @Test
  void everyModuleIsAskedForTogetherWithThePage() {
    String page = text("");

    List<String> late =
        files.paths().stream()
            .filter(path -> path.endsWith(".js") && !page.contains(path))
            .toList();

    assertEquals(List.of(), late);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "style="
      })
  void nothingTurnsTextIntoMarkupOrCode(String word) {
    files.paths().forEach(path -> assertFalse(text(path).contains(word), path));
  }

  @Test
  void onlyTheXmlNamespaceIsAnAddressOfElsewhere() {
    for (String path : files.paths()) {
      String own = text(path).replace("http://www.w3.org/2000/svg", "");
      assertFalse(Pattern.compile("https?:|\\burl\\(").matcher(own).find(), path);
    }
  }

  private String text(String path) {
    return new String(files.at(path).orElseThrow().bytes(), UTF_8);
  }
}

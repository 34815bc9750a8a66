package dev.polyptych.cli.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByLabelOptions;
import dev.polyptych.cli.embedded.EmbeddedDispatcher;
import dev.polyptych.dispatcher.tenant.ApiKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console before a dispatcher that asks for keys and has neither jobs nor workers yet. */
class ConsoleKeyIT {
  @TempDir private Path folder;

  @Test
  void thePageAsksForTheKeyAndThenShowsThatNothingIsThereYet() throws Exception {
    String key = ApiKey.make(new SecureRandom());
    String anna =
        """
        v: 1
        tenants:
          - {id: anna, keys: ["%s"]}
        """
            .formatted(ApiKey.digest(key));
    Path tenants = Files.writeString(folder.resolve("tenants.yaml"), anna);
    try (Chromium chromium = Chromium.open();
        EmbeddedDispatcher dispatcher =
            EmbeddedDispatcher.temporary("nano", Map.of("tenants", tenants.toString()))) {
      Page page = chromium.page(1280, 800);
      page.navigate(dispatcher.address().resolve("/").toString());

      give(page, "pp_" + "A".repeat(43));
      assertThat(page.getByText("The dispatcher does not know this key.")).isVisible();
      give(page, key);

      assertThat(page.locator("dialog[open]")).hasCount(0);
      assertThat(page.locator("[data-ready]")).hasCount(1);
      page.navigate(dispatcher.address().resolve("/console/#/jobs").toString());
      assertThat(page.getByText("There are no jobs yet.")).isVisible();
      page.navigate(dispatcher.address().resolve("/console/#/fleet").toString());
      assertThat(page.getByText("No worker is up.")).isVisible();
      assertEquals(List.of(), chromium.errors());
    }
  }

  private static void give(Page page, String key) {
    page.getByLabel("Key", new GetByLabelOptions().setExact(true)).fill(key);
    page.getByText("Use it").click();
  }
}

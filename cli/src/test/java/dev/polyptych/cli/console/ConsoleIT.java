package dev.polyptych.cli.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.weights.digest.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The console in a browser before the whole cluster: broker, Redis, dispatcher, worker and nano.
 */
class ConsoleIT {
  private static final Path MODEL = Path.of("..", "models", "nano");
  private static final String HOSTILE =
      "\"'</textarea></p><img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>";

  /** Collects what the page's own reader of events hands over. */
  private static final String FOLLOW =
      """
      async job => {
        const {follow} = await import(document.querySelector('script[type=module]').src.replace('main', 'events'))
        window.seen = []
        const take = event => window.seen.push([event.at, event.state, event.attempt, event.step].join(' '))
        window.followed = follow(job, take, new AbortController().signal)
      }
      """;

  /** Previews may come and go between two looks from outside. */
  private static final String LOOK_FOR_PREVIEWS =
      """
      () => {
        window.previewed = false
        const look = () => { window.previewed ||= document.querySelector('img.preview') !== null }
        new MutationObserver(look).observe(document.body, {childList: true, subtree: true})
      }
      """;

  @TempDir private static Path data;
  private static int port;
  private static Chromium chromium;
  private static EmbeddedCluster cluster;

  private Page page;

  @BeforeAll
  static void start() throws Exception {
    chromium = Chromium.open();
    port = FreePort.next();
    startCluster();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
    if (chromium != null) {
      chromium.close();
    }
  }

  @AfterEach
  void nothingWasThrownOrRefused() {
    page.context().close();
    assertEquals(List.of(), chromium.errors());
  }

  @Test
  void aJobGoesFromTheFormToItsPanels() {
    open(1280, 800);
    page.getByLabel("Steps").fill("100");
    page.evaluate(LOOK_FOR_PREVIEWS);

    submit();

    assertThat(page.locator("figure img")).hasCount(3);
    assertEquals(
        true, page.evaluate("() => window.previewed"), "a preview was shown before the panels");
    for (Locator panel : page.locator("figure img").all()) {
      assertEquals(64, panel.evaluate("image => image.naturalWidth"));
    }
    page.getByRole(AriaRole.LINK, named("Job and receipt")).click();
    assertThat(page.locator(".timeline li b").last()).hasText("Done after 1 attempt");
    assertThat(page.locator("[data-receipt]")).containsText("[MOVIE-SHOTS] a film about a fox");
  }

  @Test
  void allOfASetComesAsOneArchive() throws IOException {
    open(1280, 800);
    page.getByLabel("Task").selectOption("couple-profile");
    submit();

    Download download =
        page.waitForDownload(() -> page.getByRole(AriaRole.BUTTON, named("Download all")).click());

    TreeSet<String> names = new TreeSet<>();
    try (InputStream bytes = download.createReadStream();
        ZipInputStream archive = new ZipInputStream(bytes)) {
      for (ZipEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
        // Reading it to its end checks its CRC.
        assertTrue(archive.readAllBytes().length > 100, entry.getName());
        names.add(entry.getName().substring(entry.getName().indexOf('/') + 1));
      }
    }
    assertEquals(
        new TreeSet<>(List.of("panel-1.png", "panel-2.png", "sheet.png", "receipt.json")), names);
  }

  @Test
  void onePanelIsDrawnAnew() {
    open(1280, 800);
    submit();
    assertThat(page.locator("figure img")).hasCount(3);
    String first = job();

    page.getByRole(AriaRole.BUTTON, named("Re-roll panel 2")).click();

    assertThat(page.locator(".sheet-view:not([data-job='" + first + "'])")).hasCount(1);
    assertThat(page.locator("figure img")).hasCount(3);
    assertNotEquals(first, job());
    page.getByRole(AriaRole.LINK, named("Job and receipt")).click();
    assertThat(page.locator(".facts a")).hasText(first);
  }

  @Test
  void aJobThatIsBeingDrawnIsCancelled() {
    open(1280, 800);
    page.getByLabel("Steps").fill("100");
    submit();
    assertThat(page.locator(".sheet-view .state")).hasText("rendering");

    page.getByRole(AriaRole.BUTTON, named("Cancel")).click();

    assertThat(page.locator(".sheet-view .state")).hasText("cancelled");
    String job = job();
    page.getByRole(AriaRole.LINK, named("Jobs")).click();
    assertThat(page.locator("tr[data-job='" + job + "'] .state")).hasText("cancelled");
  }

  @Test
  void whatIsWrongStandsBesideItsField() {
    open(1280, 800);
    page.getByLabel("Steps").fill("many");

    page.getByRole(AriaRole.BUTTON, named("Render")).click();

    assertThat(page.locator("[data-field=steps] .fault")).containsText("must be an integer");
    assertThat(page.getByLabel("Steps")).isFocused();
    assertThat(page.getByLabel("Steps")).hasAttribute("aria-invalid", "true");
  }

  @Test
  void aRejectedPictureSaysWhyBesideItsPanel() {
    open(1280, 800);
    FilePayload noPicture =
        new FilePayload("cat.png", "image/png", "not a picture".getBytes(StandardCharsets.UTF_8));

    page.locator("#panel-2-file").setInputFiles(noPicture);

    assertThat(page.locator("[data-field='panels[1]'] .fault")).isVisible();
    assertThat(page.locator("[data-field='panels[1]'] .fault")).containsText("PNG");
  }

  @Test
  void aHostileTextIsOnlyAText() {
    open(1280, 800);
    // nano reads unknown words letter by letter, and takes few.
    page.route("**/v1/jobs", route -> with("\"truncate\":true,", route));
    page.getByLabel("Prompt of the set").fill(HOSTILE);
    page.getByLabel("Panel 1", new Page.GetByLabelOptions().setExact(true)).fill(HOSTILE);
    page.getByLabel("Steps").fill("1");

    submit();

    assertThat(page.locator("figcaption span").first()).hasText(HOSTILE);
    page.getByRole(AriaRole.LINK, named("Job and receipt")).click();
    assertThat(page.locator("[data-receipt] dd").first()).containsText(HOSTILE);
    assertEquals(0, page.locator("img[src=x], main script").count());
    assertEquals(false, page.evaluate("() => 'hacked' in window"));
  }

  @Test
  void aRestartOfTheServerLosesNothing() throws Exception {
    open(1280, 800);
    // A sheet that takes long enough on any machine to be cut off.
    page.route("**/v1/jobs", ConsoleIT::withLargePanels);
    page.getByLabel("Steps").fill("100");
    submit();
    assertThat(page.locator("img.preview")).isVisible();
    page.evaluate(FOLLOW, job());

    cluster.close();
    assertThat(page.getByText("The dispatcher does not answer.")).isVisible();
    startCluster();

    assertThat(page.locator("figure img")).hasCount(3);
    assertThat(page.getByText("The dispatcher does not answer.")).isHidden();
    Object live = page.evaluate("() => window.followed.then(() => window.seen)");
    page.evaluate(FOLLOW, job());
    assertEquals(page.evaluate("() => window.followed.then(() => window.seen)"), live);
  }

  @Test
  void theFormIsFilledInAndSentByKeyboardAlone() {
    open(1280, 800);
    Locator render = page.getByRole(AriaRole.BUTTON, named("Render"));

    int presses = 0;
    do {
      page.keyboard().press("Tab");
      presses++;
    } while (!(Boolean) render.evaluate("button => button === document.activeElement")
        && presses < 40);
    page.keyboard().press("Enter");

    assertThat(page.locator("figure img")).hasCount(3);
  }

  @Test
  void anAdapterIsRegisteredFromAFileAndItsProblemIsShown() throws IOException {
    page = chromium.page(1280, 800);
    page.navigate(console() + "#/adapters");
    Path file = MODEL.resolve("adapters").resolve("film-storyboard.safetensors");

    page.getByLabel("Name").fill("Ink");
    page.getByLabel("File").setInputFiles(file);
    page.getByRole(AriaRole.BUTTON, named("Register")).click();
    assertThat(page.locator("[data-form-fault]")).containsText("lower-case letters");
    page.getByLabel("Name").fill("ink");
    page.getByRole(AriaRole.BUTTON, named("Register")).click();

    assertThat(page.locator("tbody th")).hasText("ink@1");
    assertThat(page.locator("tbody .code")).hasText(Sha256.of(file).substring(0, 12));
  }

  @ParameterizedTest
  @CsvSource({"render, Render a panel set", "jobs, Jobs", "adapters, Adapters", "fleet, Fleet"})
  void aPhoneShowsEveryViewWithoutScrollingAside(String view, String heading) {
    page = chromium.page(390, 844);
    page.navigate(console() + "#/" + view);

    assertThat(page.locator("h1")).hasText(heading);
    assertThat(page.locator("#model")).not().isEmpty();

    assertEquals(390, page.evaluate("() => document.documentElement.scrollWidth"));
  }

  @Test
  void eventsComeWholeHoweverTheirBytesAreCut() {
    open(1280, 800);

    Object differing =
        page.evaluate(
            """
            async () => {
              const {EventParser} = await import(document.querySelector('script[type=module]').src.replace('main', 'events'))
              const text = 'retry: 1000\\n\\nid: 1-0\\nevent: queued\\ndata: {"a":1}\\n\\n:\\n\\n'
                + 'id: 2-0\\r\\ndata: b\\r\\ndata:c\\r\\n\\r\\n\\rid:3-0\\rdata: d\\r\\r'
              const cuts = []
              for (let cut = 0; cut <= text.length; cut++) {
                const parser = new EventParser()
                const events = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut)), ...parser.push('\\n')]
                const wanted = [['1-0', '{"a":1}'], ['2-0', 'b\\nc'], ['3-0', 'd']]
                if (JSON.stringify(events.map(e => [e.id, e.data])) !== JSON.stringify(wanted)) cuts.push([cut, events])
              }
              return JSON.stringify(cuts)
            }
            """);

    assertEquals("[]", differing);
  }

  @Test
  void theContractHasAPageWithAllItsOperationsAndSchemas() {
    page = chromium.page(1280, 800);
    page.navigate(cluster.dispatcher().resolve("/docs/").toString());

    assertThat(page.locator("article#submitJob")).containsText("POST /v1/jobs");
    assertThat(page.locator("article#jobSettled")).containsText("The job has settled");
    assertThat(page.locator("article#JobRequest")).containsText("callbackUrl");
    assertThat(page.locator("#fault")).isHidden();
    assertEquals(page.locator("article").count(), page.locator("nav a").count());
  }

  @Test
  void thePageIsReadyBeforeAnybodyNotices() {
    open(1280, 800);
    double best = Double.MAX_VALUE;
    for (int load = 0; load < 10; load++) {
      page.reload();
      assertThat(page.locator("[data-ready]")).hasCount(1);
      Object millis = page.evaluate("() => performance.getEntriesByName('ready')[0].startTime");
      best = Math.min(best, ((Number) millis).doubleValue());
    }

    System.err.printf("the console is ready after %.0f ms%n", best);
    assertTrue(best < 200, "ready after " + best + " ms at best");
  }

  private static void withLargePanels(Route route) {
    with("\"layout\":{\"rows\":3,\"columns\":1,\"panelWidth\":256,\"panelHeight\":256},", route);
  }

  /** Adds fields that the page has no input for. */
  private static void with(String fields, Route route) {
    String job = route.request().postData();
    if (job == null) {
      route.resume();
    } else {
      route.resume(new Route.ResumeOptions().setPostData(job.replaceFirst("\\{", "{" + fields)));
    }
  }

  private static void startCluster() throws Exception {
    cluster = EmbeddedCluster.restartable(MODEL, "nano", data, port);
  }

  private static String console() {
    return cluster.dispatcher().resolve("/console/").toString();
  }

  private void open(int width, int height) {
    page = chromium.page(width, height);
    page.navigate(console());
    assertThat(page.locator("[data-ready]")).hasCount(1);
  }

  private void submit() {
    page.getByRole(AriaRole.BUTTON, named("Render")).click();
    assertThat(page.locator(".sheet-view")).hasCount(1);
  }

  private String job() {
    return page.locator(".sheet-view").getAttribute("data-job");
  }

  private static GetByRoleOptions named(String name) {
    return new GetByRoleOptions().setName(name).setExact(true);
  }
}

package dev.polyptych.schema.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.config.Setting.Owner;
import dev.polyptych.schema.config.Settings.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingTest {
  private static final Path PAGE = Path.of("../docs/settings.md");

  @Test
  void thePageIsTheTable() throws IOException {
    assertEquals(
        SettingTable.markdown(),
        Files.readString(PAGE),
        "write it again: ./polyptych settings --markdown > docs/settings.md");
  }

  @ParameterizedTest
  @EnumSource(Owner.class)
  void noProcessHasAKeyTwice(Owner process) {
    List<String> keys = Setting.keys(process);

    // All together have one: each process has a management port.
    int repeated = process == Owner.BOTH ? 1 : 0;
    assertEquals(keys.size() - repeated, new HashSet<>(keys).size(), keys.toString());
  }

  @Test
  void theVariableIsTheKeyInCapitals() {
    assertEquals("POLYPTYCH_BODY_LIMIT_BYTES", Setting.BODY_LIMIT_BYTES.variable());
    assertEquals("POLYPTYCH_REDIS", Setting.REDIS.variable());
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void aNumberMayBeItsBoundsAndNothingBeyond(Setting setting) {
    int least = setting.least();
    int most = setting.most();

    assertEquals(least, read(setting, least));
    assertEquals(most, read(setting, most));
    assertEquals(
        "%s: must be from %d to %d, not %d".formatted(setting.key(), least, most, most + 1),
        assertThrows(ConfigException.class, () -> read(setting, most + 1)).getMessage());
    assertThrows(ConfigException.class, () -> read(setting, least - 1));
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void theDefaultOfANumberLiesWithinItsBounds(Setting setting) {
    int byDefault = Integer.parseInt(setting.byDefault());

    assertEquals(byDefault, read(setting, byDefault));
  }

  @Test
  void allThreeRetentionsMayBeTheSame() {
    Retention retention =
        retention(Map.of("resultHours", "7", "recordHours", "7", "tombstoneHours", "7"));

    Duration hours = Duration.ofHours(7);
    assertEquals(new Retention(hours, hours, hours), retention);
  }

  @Test
  void whatIsKeptLongerIsNeverKeptShorter() {
    assertProblem("recordHours: must be at least resultHours, 8", "resultHours=8", "recordHours=7");
    assertProblem(
        "tombstoneHours: must be at least recordHours, 9",
        "recordHours=9",
        "tombstoneHours=8",
        "resultHours=1");
  }

  @Test
  void theDefaultsOfLongerRetentionsGrowWithTheShorterOnes() {
    Duration year = Duration.ofDays(365);

    assertEquals(new Retention(year, year, year), retention(Map.of("resultHours", "8760")));
    assertEquals(Retention.DEFAULT, retention(Map.of()));
  }

  @Test
  void anUnknownKeyIsAnErrorWithTheNearestOne() {
    Sources sources = Sources.of(Map.of("recordhours", "1"));

    ConfigException wrong =
        assertThrows(
            ConfigException.class,
            () -> Settings.read(sources, Setting.of(Owner.BOTH), Settings::retention));

    assertEquals("recordhours: unknown field; did you mean 'recordHours'?", wrong.getMessage());
  }

  @Test
  void theEnvironmentGoesByTheVariableOfAKnownKeyAlone() {
    Sources sources =
        new Sources(
            Optional.empty(),
            Map.of("POLYPTYCH_RESULT_HOURS", "3", "POLYPTYCH_RECORD_HOURS", "2"),
            Map.of());

    int hours =
        Settings.read(
            sources,
            List.of(Setting.RESULT_HOURS),
            settings -> settings.integer(Setting.RESULT_HOURS));

    assertEquals(3, hours);
  }

  @Test
  void theTextOfAProcessNamesItsSettingsAndNoOthers() {
    String text = SettingTable.text(Owner.WORKER);

    assertTrue(text.contains("managementPort=8082  [0 to 65535; worker]"), text);
    assertTrue(text.contains("POLYPTYCH_CHECKPOINT_SECONDS"), text);
    assertTrue(!text.contains("openMode="), text);
    assertEquals(
        Setting.keys(Owner.WORKER),
        SettingTable.data(Owner.WORKER).stream().map(fields -> fields.get("key")).toList());
  }

  private static Stream<Setting> numbers() {
    return Arrays.stream(Setting.values()).filter(Setting::number);
  }

  private static int read(Setting setting, int value) {
    Sources sources = Sources.of(Map.of(setting.key(), Integer.toString(value)));
    return Settings.read(sources, List.of(setting), settings -> settings.integer(setting));
  }

  private static Retention retention(Map<String, String> flags) {
    return Settings.read(Sources.of(flags), Setting.of(Owner.DISPATCHER), Settings::retention);
  }

  private static void assertProblem(String problem, String... flags) {
    Map<String, String> map = new HashMap<>();
    Stream.of(flags).map(flag -> flag.split("=")).forEach(flag -> map.put(flag[0], flag[1]));
    assertEquals(problem, assertThrows(ConfigException.class, () -> retention(map)).getMessage());
  }
}

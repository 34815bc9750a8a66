package dev.polyptych.cli.command;

import dev.polyptych.schema.topic.DeadLetter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code polyptych dead list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the dead letters, the oldest first.")
final class DeadListCommand implements Callable<Integer> {
  @Mixin private DeadOptions options = new DeadOptions();

  @Override
  public Integer call() throws Exception {
    List<DeadLetter> letters = options.topic().letters();
    if (options.json()) {
      options.printJson(letters.stream().map(DeadOptions::summary).toList());
    } else {
      letters.forEach(letter -> options.print(line(letter)));
      options.print(letters.size() + " dead letters");
    }
    return 0;
  }

  private static String line(DeadLetter letter) {
    return "%s  %s  %s  %d attempts  %s"
        .formatted(
            letter.at(),
            letter.job().orElse("(no job)"),
            letter.code(),
            letter.attempts(),
            letter.detail().lines().findFirst().orElse(""));
  }
}

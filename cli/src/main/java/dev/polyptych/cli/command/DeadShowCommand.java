package dev.polyptych.cli.command;

import dev.polyptych.schema.topic.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code polyptych dead show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description =
        "Shows one job's newest dead letter: code, cause, attempts, origin, and the record.")
final class DeadShowCommand implements Callable<Integer> {
  @Mixin private DeadOptions options = new DeadOptions();

  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id.")
  private String job = "";

  @Override
  public Integer call() throws Exception {
    DeadLetter letter = options.letter(job);
    String record = new String(letter.value(), StandardCharsets.UTF_8);
    if (options.json()) {
      options.printJson(DeadOptions.summary(letter).put("record", record));
      return 0;
    }
    options.print("job       " + job);
    options.print("code      " + letter.code());
    options.print("cause     " + letter.detail());
    options.print("attempts  " + letter.attempts());
    options.print("at        " + letter.at());
    DeadLetter.Origin origin = letter.origin();
    options.print(
        "origin    %s, partition %d, offset %d"
            .formatted(origin.topic(), origin.partition(), origin.offset()));
    options.print("record    " + record);
    return 0;
  }
}

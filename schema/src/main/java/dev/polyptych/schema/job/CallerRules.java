package dev.polyptych.schema.job;

import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Rules for what callers send, beside those of {@link JobRequestReader}. Records that a dispatcher
 * put on a lane are not held to them, because an older dispatcher may have put them there.
 */
public final class CallerRules {
  private static final Pattern METADATA_KEY = Pattern.compile("[\\p{L}\\p{N} ._:/@-]{1,64}");

  private CallerRules() {}

  /** A submission of a caller. */
  public static Validated<JobRequest> check(JobRequest request) {
    List<FieldProblem> problems = texts(request);
    if (request.rerollOf().isPresent()) {
      problems.add(
          FieldProblem.invalid(
              "rerollOf",
              "can't be given; POST /v1/jobs/{id}/panels/{n}:reroll draws a panel again and sets it"));
    }
    return Validated.of(request, problems);
  }

  /** A request that the dispatcher made of a caller's texts. */
  public static Validated<JobRequest> checkTexts(JobRequest request) {
    return Validated.of(request, texts(request));
  }

  private static List<FieldProblem> texts(JobRequest request) {
    List<FieldProblem> problems = new ArrayList<>();
    text("prompt", request.prompt(), problems);
    for (int i = 0; i < request.panels().size(); i++) {
      text("panels[" + i + "]", request.panels().get(i), problems);
    }
    request.delivery().label().ifPresent(label -> text("label", label, problems));
    request
        .metadata()
        .forEach(
            (key, value) -> {
              if (METADATA_KEY.matcher(key).matches()) {
                text("metadata." + key, value, problems);
              } else {
                problems.add(
                    FieldProblem.invalid(
                        "metadata",
                        "has a key that is no 1 to 64 letters, digits, spaces or . _ : / @ -; rename"
                            + " it"));
              }
            });
    return problems;
  }

  /** Stores, logs and tokenizers cut such a text or refuse it. */
  private static void text(String field, String text, List<FieldProblem> problems) {
    boolean broken =
        text.codePoints()
            .anyMatch(
                point ->
                    point == 0
                        || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE));
    if (broken) {
      problems.add(
          FieldProblem.invalid(
              field, "contains NUL or half of a surrogate pair; send well-formed Unicode text"));
    }
  }
}

package dev.polyptych.schema.catalog;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.polyptych.schema.catalog.PromptTemplate.Composed;
import dev.polyptych.schema.catalog.PromptTemplate.Part;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * How much of a job's text the model's encoders read. The main encoder (T5) tells the transformer
 * what to draw, so a cut there loses text. The pooled one (CLIP) gives one vector of style; FLUX's
 * prompts are usually longer than it reads.
 *
 * @param tokens of the joint prompt for the main encoder, its end token included
 * @param limit tokens that the main encoder reads
 * @param pooledTokens the same for the pooled encoder
 * @param pooledLimit tokens that the pooled encoder reads
 * @param cut numbers of the panels whose text the main encoder does not read to its end; 0 is the
 *     set's prompt
 * @param unknownWords words that the model never learnt, of a model whose catalog lists those that
 *     it knows
 */
public record TextReading(
    int tokens,
    int limit,
    int pooledTokens,
    int pooledLimit,
    List<Integer> cut,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> unknownWords) {
  public TextReading {
    cut = List.copyOf(cut);
    unknownWords = unknownWords == null ? List.of() : List.copyOf(unknownWords);
  }

  /**
   * What a tokenizer says of an encoder.
   *
   * @param limit tokens that it reads
   * @param count tokens of a text, special ones included
   */
  public record Encoder(int limit, ToIntFunction<String> count) {}

  /** Counts a joint prompt. */
  public static TextReading of(Composed prompt, Encoder main, Encoder pooled) {
    int tokens = main.count().applyAsInt(prompt.text());
    // Tokens do not cross the blanks around a text, so a text is read whole if all before it and
    // itself fit.
    List<Integer> cut =
        tokens <= main.limit()
            ? List.of()
            : prompt.parts().stream()
                .filter(
                    part ->
                        main.count().applyAsInt(prompt.text().substring(0, part.end()))
                            > main.limit())
                .map(Part::panel)
                .toList();
    return new TextReading(
        tokens,
        main.limit(),
        pooled.count().applyAsInt(prompt.text()),
        pooled.limit(),
        cut,
        List.of());
  }

  /** The same with words that the model never learnt. */
  public TextReading withUnknown(List<String> words) {
    return new TextReading(tokens, limit, pooledTokens, pooledLimit, cut, words);
  }

  /** Whether the main encoder does not read all of it. */
  @JsonIgnore
  public boolean truncated() {
    return tokens > limit;
  }

  /** What a caller is told who has not accepted the cut: one problem for each text that is lost. */
  public List<FieldProblem> problems() {
    if (!truncated()) {
      return List.of();
    }
    String detail =
        "the joint prompt has %d tokens, %d more than the %d that the model reads; shorten the texts, or accept with \"truncate\": true that the end is lost"
            .formatted(tokens, tokens - limit, limit);
    return cut.isEmpty()
        ? List.of(new FieldProblem(ErrorCode.TEXT_TOO_LONG, "prompt", detail))
        : cut.stream()
            .map(panel -> new FieldProblem(ErrorCode.TEXT_TOO_LONG, field(panel), detail))
            .toList();
  }

  private static String field(int panel) {
    return panel == 0 ? "prompt" : "panels[" + (panel - 1) + "]";
  }
}

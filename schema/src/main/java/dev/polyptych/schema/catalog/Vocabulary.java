package dev.polyptych.schema.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * All words that a model learnt, in lower case. It reads others, too, but they mean nothing to it.
 */
public record Vocabulary(@JsonValue Set<String> words) {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+(?:['’][\\p{L}\\p{N}]+)*");

  @JsonCreator
  public Vocabulary {
    words =
        words.stream()
            .map(word -> word.toLowerCase(Locale.ROOT))
            .collect(
                Collectors.collectingAndThen(
                    Collectors.toCollection(TreeSet::new), Collections::unmodifiableSortedSet));
  }

  /** The words of texts that are not in it: as they are written, each once, in their order. */
  public List<String> unknownIn(Collection<String> texts) {
    Map<String, String> unknown = new LinkedHashMap<>();
    texts.stream()
        .flatMap(text -> WORD.matcher(text).results())
        .map(MatchResult::group)
        .filter(word -> !words.contains(word.toLowerCase(Locale.ROOT)))
        .forEach(word -> unknown.putIfAbsent(word.toLowerCase(Locale.ROOT), word));
    return List.copyOf(unknown.values());
  }
}

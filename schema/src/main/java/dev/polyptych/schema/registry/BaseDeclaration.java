package dev.polyptych.schema.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * A base that jobs may ask for, whether or not a worker has it loaded.
 *
 * @param note what its users must know: quality, licence
 * @param largestSheetPixels pixels of the largest sheet that it draws in reasonable time; empty:
 *     the limit of every layout
 * @param tokenEdge pixels a side of one of its tokens, if not 16
 * @param weights digests of the weights that workers may load for it, in hexadecimal; empty for any
 * @param partitions of each of its lanes: four times its largest fleet; empty for the usual number
 * @param transformer the content of diffusers' {@code transformer/config.json}, by which adapters
 *     are checked; empty if its geometry is unknown
 */
public record BaseDeclaration(
    String id,
    String note,
    Optional<Integer> largestSheetPixels,
    Optional<Integer> tokenEdge,
    List<String> weights,
    Optional<Integer> partitions,
    Optional<JsonNode> transformer) {
  /** Ids of those that come with Polyptych. */
  public static final List<String> BUILT_IN =
      List.of("flux.1-dev", "flux.1-fill-dev", "flux.1-schnell", "nano", "tiny");

  private static final int USUAL_EDGE = 16;
  private static final int MANY = Integer.MAX_VALUE;

  /**
   * @throws IllegalArgumentException naming the wrong field
   */
  public BaseDeclaration {
    RegistryName.checked("id", id);
    largestSheetPixels = largestSheetPixels == null ? Optional.empty() : largestSheetPixels;
    tokenEdge = tokenEdge == null ? Optional.empty() : tokenEdge;
    weights = weights == null ? List.of() : List.copyOf(weights);
    partitions = partitions == null ? Optional.empty() : partitions;
    transformer =
        transformer == null
            ? Optional.empty()
            : transformer.filter(json -> !json.isNull()).map(JsonNode::deepCopy);
    weights.forEach(digest -> RegistryName.checkedSha256("weights", digest));
  }

  /** Pixels a side of one of its tokens. */
  public int edge() {
    return tokenEdge.orElse(USUAL_EDGE);
  }

  /**
   * Whether it was trained to read references beside the noise, as FLUX.1 Fill: its transformer
   * takes more channels than it gives.
   */
  public boolean conditions() {
    return transformer
        .filter(json -> json.path("in_channels").asInt() > json.path("out_channels").asInt(MANY))
        .isPresent();
  }

  /** Whether it reads a guidance scale; empty if its geometry is unknown. */
  public Optional<Boolean> guided() {
    return transformer.map(json -> json.path("guidance_embeds").asBoolean(false));
  }

  /** A copy, so that nobody changes it. */
  @Override
  public Optional<JsonNode> transformer() {
    return transformer.map(JsonNode::deepCopy);
  }

  /**
   * A declaration that comes with Polyptych.
   *
   * @param id one of {@link #BUILT_IN}
   */
  public static BaseDeclaration builtIn(String id) {
    try (InputStream yaml = BaseDeclaration.class.getResourceAsStream(id + ".yaml")) {
      if (yaml == null) {
        throw new IllegalArgumentException("there is no built-in base called " + id);
      }
      return switch (RegistryReader.base(yaml.readAllBytes())) {
        case Validated.Valid<BaseDeclaration>(BaseDeclaration base) -> base;
        case Validated.Invalid<BaseDeclaration>(List<FieldProblem> problems) ->
            throw new IllegalStateException("built-in base " + id + ": " + problems);
      };
    } catch (IOException broken) {
      throw new UncheckedIOException("built-in base " + id, broken);
    }
  }
}

package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.picture.PictureFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Pictures that stay panels of the set. */
final class ReferenceOptions {
  @Option(
      names = "--reference",
      paramLabel = "PANEL=FILE",
      description =
          "Keep this picture (PNG, JPEG or WebP) as a panel, counted from 1, and draw the others"
              + " around it. It is cropped and scaled to the panel. Repeat it for more panels.")
  private Map<Integer, Path> references = Map.of();

  @Option(
      names = "--reference-method",
      paramLabel = "sdedit|clean|condition",
      description =
          "How kept pictures steer the other panels: with each step's noise, without noise, or as the"
              + " model was trained to (FLUX.1 Fill; default: condition with Fill, else sdedit).")
  private Optional<ReferenceMethod> method = Optional.empty();

  /** The method that was chosen, if any. */
  Optional<ReferenceMethod> method() {
    return method;
  }

  /** The files by panel, counted from 1. */
  SortedMap<Integer, Path> files() {
    return new TreeMap<>(references);
  }

  /** Uploads the pictures and names them, and the method, in the job. */
  void addTo(ObjectNode job, DispatcherClient client) throws IOException, InterruptedException {
    if (!references.isEmpty()) {
      ArrayNode listed = job.putArray("references");
      for (var reference : files().entrySet()) {
        byte[] picture = Files.readAllBytes(reference.getValue());
        String key = client.keepReference(picture, mediaType(reference.getValue(), picture));
        listed.addObject().put("panel", reference.getKey()).put("key", key);
      }
    }
    method.ifPresent(way -> job.put("reference", way.text()));
  }

  private static String mediaType(Path file, byte[] picture) throws IOException {
    return PictureFormat.of(picture)
        .filter(known -> known != PictureFormat.GIF)
        .map(known -> "image/" + known.name().toLowerCase(Locale.ROOT))
        .orElseThrow(
            () ->
                new IOException(
                    "--reference: " + file + " is no PNG, JPEG or WebP; convert it to one"));
  }
}

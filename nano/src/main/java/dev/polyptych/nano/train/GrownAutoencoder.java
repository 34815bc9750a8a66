package dev.polyptych.nano.train;

import dev.polyptych.training.Trainable.Values;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * First weights of an autoencoder that has one resolution more than a trained one: what lies
 * outside, at the picture's side, is taken from that one; what lies inside begins anew. The outer
 * layers cost most of a step, and edges are edges at any size.
 */
final class GrownAutoencoder {
  private static final Pattern UP_BLOCK = Pattern.compile("decoder\\.up_blocks\\.(\\d+)(\\..*)");

  private GrownAutoencoder() {}

  /**
   * Puts the trained one's tensors in place of those that they fit.
   *
   * @param initial of the larger one
   * @param trained file of the smaller one's weights, whose widths the larger one's begin with
   */
  static Map<String, Values> of(Map<String, Values> initial, Path trained) {
    Map<String, Values> grown = new LinkedHashMap<>(initial);
    try (SafetensorsFile file = SafetensorsFile.open(trained)) {
      for (String name : file.names()) {
        List<Long> shape = file.entry(name).shape();
        String here = name(name);
        if (outside(name) && initial.containsKey(here) && initial.get(here).shape().equals(shape)) {
          grown.put(here, new Values(shape, file.floats(name)));
        }
      }
    }
    return grown;
  }

  /** The middle and the latents' side mean something else there. */
  private static boolean outside(String name) {
    return !name.contains(".mid_block.")
        && !name.startsWith("encoder.conv_norm_out")
        && !name.startsWith("encoder.conv_out")
        && !name.startsWith("decoder.conv_in");
  }

  /** The decoder counts its blocks from the inside, where one is new. */
  private static String name(String name) {
    Matcher block = UP_BLOCK.matcher(name);
    return block.matches()
        ? "decoder.up_blocks." + (Integer.parseInt(block.group(1)) + 1) + block.group(2)
        : name;
  }
}

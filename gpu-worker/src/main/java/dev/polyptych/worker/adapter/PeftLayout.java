package dev.polyptych.worker.adapter;

import dev.polyptych.worker.model.graph.TensorLoader;
import dev.polyptych.worker.model.safetensors.SafetensorsFile;
import dev.polyptych.worker.model.safetensors.TensorEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Keys as PEFT, diffusers and ai-toolkit write them: {@code transformer.<module>.lora_A.weight},
 * {@code transformer.<module>.lora_B.weight}, and sometimes {@code transformer.<module>.alpha}. The
 * ten published IC-LoRAs are of this kind, without alpha.
 */
final class PeftLayout implements AdapterLayout {
  private static final String PREFIX = "transformer.";
  private static final String DOWN = ".lora_A.weight";
  private static final String UP = ".lora_B.weight";
  private static final String ALPHA = ".alpha";

  @Override
  public boolean recognises(SafetensorsFile file) {
    return file.names().stream().anyMatch(name -> name.startsWith(PREFIX) && name.endsWith(DOWN));
  }

  @Override
  public List<LowRankPair> pairs(SafetensorsFile file) {
    PeftSettings settings = PeftSettings.of(file, PREFIX);
    List<LowRankPair> pairs = new ArrayList<>();
    Set<String> claimed = new HashSet<>();
    for (String key : file.names()) {
      if (key.startsWith(PREFIX) && key.endsWith(DOWN)) {
        String module = key.substring(PREFIX.length(), key.length() - DOWN.length());
        pairs.add(pair(file, module, settings));
        claimed.addAll(List.of(key, PREFIX + module + UP, PREFIX + module + ALPHA));
      }
    }
    for (String key : file.names()) {
      if (!claimed.contains(key)) {
        throw new AdapterException(
            file.path(), "key '" + key + "' belongs to no lora_A/lora_B pair");
      }
    }
    return pairs;
  }

  private static LowRankPair pair(SafetensorsFile file, String module, PeftSettings settings) {
    String down = PREFIX + module + DOWN;
    String up = PREFIX + module + UP;
    String alpha = PREFIX + module + ALPHA;
    if (!file.names().contains(up)) {
      throw new AdapterException(file.path(), "key '" + down + "' has no counterpart '" + up + "'");
    }
    boolean own = file.names().contains(alpha);
    return new LowRankPair(
        module, down, up, own ? OptionalDouble.of(scalar(file, alpha)) : settings.alpha(module));
  }

  private static double scalar(SafetensorsFile file, String key) {
    TensorEntry entry = file.entry(key);
    float[] values =
        entry.length() <= Long.BYTES && TensorLoader.loads(entry.type())
            ? file.floats(key)
            : new float[0];
    if (values.length != 1 || !Float.isFinite(values[0])) {
      throw new AdapterException(file.path(), "key '" + key + "' is not one finite number");
    }
    return values[0];
  }
}

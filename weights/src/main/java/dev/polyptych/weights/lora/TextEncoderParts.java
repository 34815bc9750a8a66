package dev.polyptych.weights.lora;

import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import dev.polyptych.weights.safetensors.TensorEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What adapters change of text encoders, in every layout that names one: also of encoders that the
 * model does not have, for which the whole file would be refused.
 */
public final class TextEncoderParts {
  private static final Pattern OF_AN_ENCODER =
      Pattern.compile(
          "^(?:lora_prior_te_|lora_te\\d?_|text_encoders?(?:_\\d)?\\.|clip_[gl]\\.|t5xxl\\.)");

  private TextEncoderParts() {}

  /**
   * Copies an adapter without them. Equal files give equal copies.
   *
   * @return the keys that were left out
   * @throws AdapterException if nothing else is in the file
   */
  public static List<String> leaveOut(Path adapter, Path copy) {
    try (SafetensorsFile file = SafetensorsFile.open(adapter)) {
      List<String> out = file.names().stream().filter(TextEncoderParts::is).sorted().toList();
      if (out.size() == file.names().size()) {
        throw new AdapterException(
            adapter, "changes text encoders only; without them nothing is left");
      }
      SafetensorsWriter writer = new SafetensorsWriter();
      file.metadata().forEach(writer::metadata);
      if (file.checkDigest()) {
        writer.digested();
      }
      for (String name : file.names()) {
        if (!is(name)) {
          TensorEntry entry = file.entry(name);
          writer.add(name, entry.type(), entry.shape(), bytes(file, name));
        }
      }
      writer.write(copy);
      return out;
    }
  }

  private static byte[] bytes(SafetensorsFile file, String name) {
    byte[] bytes = new byte[Math.toIntExact(file.entry(name).length())];
    file.bytes(name).get(bytes);
    return bytes;
  }

  private static boolean is(String key) {
    return OF_AN_ENCODER.matcher(key).find()
        || KeyPart.of(key).filter(named -> LayerNames.ofText(named.layer())).isPresent();
  }
}

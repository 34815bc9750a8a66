package dev.polyptych.weights.lora;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.polyptych.weights.safetensors.SafetensorsException;
import java.nio.file.Path;

/** An unusable adapter file. The message names the file and its first wrong key. */
public final class AdapterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean lasting;

  /** A problem of a file. */
  public AdapterException(Path file, String problem) {
    super(file + ": " + problem);
    lasting = true;
  }

  /** A whole message, with its cause. */
  public AdapterException(String message, Throwable cause) {
    super(message, cause);
    lasting =
        switch (cause) {
          case AdapterException known -> known.lasting();
          case SafetensorsException broken -> broken.lasting();
          case JsonProcessingException noJson -> true;
          case null, default -> false;
        };
  }

  /** The message without the file's path, for readers that must not see our folders. */
  public String problemOf(Path file) {
    return getMessage().replace(file + ": ", "").replace(file.toString(), "the file");
  }

  /** Whether the file's content is at fault, so that reading it again gives the same. */
  public boolean lasting() {
    return lasting;
  }
}

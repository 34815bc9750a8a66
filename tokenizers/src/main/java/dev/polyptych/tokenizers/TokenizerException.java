package dev.polyptych.tokenizers;

import java.nio.file.Path;

/** An unreadable tokenizer folder. The message names the file, the problem and the remedy. */
public final class TokenizerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TokenizerException(Path file, String problem, String remedy) {
    super(file + " " + problem + "; " + remedy);
  }
}

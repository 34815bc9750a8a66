package dev.polyptych.tokenizers;

import java.nio.file.Path;

/** A tokenizer folder that can't be read; the message names the file and the remedy. */
public final class TokenizerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TokenizerException(Path file, String problem, String remedy) {
    super(file + " " + problem + "; " + remedy);
  }
}

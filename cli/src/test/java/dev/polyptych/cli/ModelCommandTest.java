package dev.polyptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCommandTest {
  private static final Path NANO = Path.of("../models/nano");

  private final StringWriter out = new StringWriter();

  @TempDir Path temporary;

  @Test
  void tellsFamilyPartsTypesAndSizes() {
    assertEquals(0, inspect(NANO));

    String told = out.toString();
    assertTrue(told.startsWith("family: FLUX.1 of other sizes: 2 double and 6 single"), told);
    assertTrue(told.contains("transformer: " + NANO.resolve("transformer")), told);
    assertTrue(told.contains("diffusers' names; "), told);
    assertTrue(told.contains("tokenizers: " + NANO), told);
    assertTrue(told.contains("weights in memory: 0.0 GB in bfloat16"), told);
    assertTrue(told.contains("16 GB (RTX 4080, RTX 5080)   weights bfloat16"), told);
  }

  @Test
  void tellsWhatIsWrong() throws IOException {
    Path file = temporary.resolve("flux1-dev.safetensors");
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\n");

    assertEquals(1, inspect(file));

    assertEquals(
        "wrong: "
            + file
            + " is a git-lfs pointer, not the weights; run 'git lfs pull' in its repository, or"
            + " download the file itself\n",
        out.toString());
  }

  @Test
  void aModelFileDrawsAsItsFolder() throws IOException {
    Path model = temporary.resolve("model.yaml");
    String nano = NANO.toAbsolutePath().toString();
    Files.writeString(
        model,
        """
        transformer: %1$s/transformer
        clip: %1$s/text_encoder/model.safetensors
        t5: %1$s/text_encoder_2
        vae: %1$s/vae/diffusion_pytorch_model.safetensors
        tokenizers: %1$s
        config: %1$s
        """
            .formatted(nano));

    assertArrayEquals(draw(NANO), draw(model));
  }

  private byte[] draw(Path model) throws IOException {
    Path latents = temporary.resolve("latents.safetensors");
    int status =
        run(
            "engine",
            "--model=" + model,
            "--adapter=none",
            "--steps=1",
            "--task=film-storyboard",
            "--prompt=a film about an owl",
            "--panel=a big owl at the left in the forest",
            "--panel=a small owl in the centre in the city",
            "--panel=a big owl at the right in space",
            "--out=" + temporary.resolve("out"),
            "--dump=" + latents);
    assertEquals(0, status, out.toString());
    return Files.readAllBytes(latents);
  }

  private int inspect(Path path) {
    return run("model", "inspect", path.toString());
  }

  private int run(String... arguments) {
    PrintWriter screen = new PrintWriter(out);
    return Polyptych.commandLine().setOut(screen).setErr(screen).execute(arguments);
  }
}

package dev.polyptych.cli.command;

import dev.polyptych.client.PanelSetFiles;
import dev.polyptych.engine.image.PreviewEncoder;
import dev.polyptych.engine.sheet.PanelCutter;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.worker.publish.ImageEncoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes what the engine drew, and prints the files. */
record SheetFiles(RenderJob job, Path out, PrintWriter screen) {
  void write(SheetPixels sheet) throws IOException {
    PanelSetFiles files = new PanelSetFiles(out, job.format().text());
    List<SheetPixels> panels = PanelCutter.cut(sheet, job.layout());
    for (int panel = 1; panel <= panels.size(); panel++) {
      byte[] image = ImageEncoder.encode(panels.get(panel - 1), job.format());
      screen.println(files.writePanel(panel, image));
    }
    screen.println(files.writeSheet(ImageEncoder.encode(sheet, job.format())));
  }

  void writePreview(int step, SheetPixels preview) throws IOException {
    Files.createDirectories(out);
    Path file = out.resolve("preview-%02d.jpeg".formatted(step));
    Files.write(file, PreviewEncoder.jpeg(preview));
  }
}

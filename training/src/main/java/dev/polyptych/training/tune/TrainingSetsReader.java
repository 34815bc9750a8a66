package dev.polyptych.training.tune;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Reads one folder and collects all problems. An object reads one folder only. */
final class TrainingSetsReader {
  private static final String CAPTION = "caption.txt";

  private final Task task;
  private final List<TrainingSet> sets = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Captions captions;
  private final TrainingPictures pictures;

  TrainingSetsReader(Task task) {
    this.task = task;
    this.captions = Captions.of(task.template(), problems);
    this.pictures = new TrainingPictures(task.layout(), problems, warnings);
  }

  TrainingSets read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new TrainingSetsException(folder, List.of("there is no such folder; check its path"));
    }
    List<Path> entries = SetFolder.entries(folder);
    entries.stream().filter(Files::isDirectory).forEach(this::readPanels);
    readSheets(entries.stream().filter(Files::isRegularFile).toList());
    checkCount();
    if (!problems.isEmpty()) {
      throw new TrainingSetsException(folder, problems);
    }
    return new TrainingSets(sets, warnings);
  }

  private void readPanels(Path folder) {
    List<Path> files = SetFolder.entries(folder);
    List<Path> panels = files.stream().filter(SetFolder::picture).toList();
    if (panels.isEmpty() && !Files.exists(folder.resolve(CAPTION))) {
      warnings.add(folder + " holds no panel set; it is not used");
      return;
    }
    files.stream()
        .filter(file -> !SetFolder.picture(file) && !file.endsWith(CAPTION))
        .forEach(
            file -> warnings.add(file + " is no picture, nor " + CAPTION + "; it is not used"));
    checkNumber(folder, panels.size());
    panels.forEach(pictures::checkPanel);
    add(folder, captions.read(folder.resolve(CAPTION), folder), () -> pictures.joined(panels));
  }

  private void checkNumber(Path folder, int number) {
    if (number != task.layout().panels()) {
      problems.add(
          "%s has %d picture%s, but %s has %d panels; give one picture a panel"
              .formatted(
                  folder, number, number == 1 ? "" : "s", task.id(), task.layout().panels()));
    }
  }

  private void readSheets(List<Path> files) {
    Set<String> stems = new HashSet<>();
    for (Path file : files) {
      if (SetFolder.picture(file)) {
        readSheet(file, stems.add(SetFolder.stem(file)));
      }
    }
    for (Path file : files) {
      if (SetFolder.text(file) && !stems.contains(SetFolder.stem(file))) {
        warnings.add(file + " has no picture beside it; it is not used");
      } else if (!SetFolder.text(file) && !SetFolder.picture(file)) {
        warnings.add(file + " is neither picture nor caption; it is not used");
      }
    }
  }

  private void readSheet(Path file, boolean first) {
    if (!first) {
      problems.add(file + " stands beside another picture of the same name; keep one");
      return;
    }
    pictures.checkSheet(file);
    Path caption = file.resolveSibling(SetFolder.stem(file) + ".txt");
    add(file, captions.read(caption, file), () -> pictures.recut(file));
  }

  private void add(Path place, Optional<String> caption, Supplier<SheetPixels> sheet) {
    caption.ifPresent(
        text -> sets.add(new TrainingSet(place.getFileName().toString(), text, sheet)));
  }

  private void checkCount() {
    String range = TrainingSets.FEWEST + " to " + TrainingSets.MOST;
    if (sets.isEmpty() && problems.isEmpty()) {
      problems.add(
          "there is no panel set in it; a set is a subfolder with its pictures and "
              + CAPTION
              + ", or a picture of the whole sheet beside a text file of the same name");
    } else if (sets.size() < TrainingSets.FEWEST) {
      warnings.add(
          "%d sets are few (%s are usual): the adapter may learn them by heart; watch the validation loss"
              .formatted(sets.size(), range));
    } else if (sets.size() > TrainingSets.MOST) {
      warnings.add(
          "%d sets are many (%s are usual): each is seen less often; more steps may be needed"
              .formatted(sets.size(), range));
    }
  }
}

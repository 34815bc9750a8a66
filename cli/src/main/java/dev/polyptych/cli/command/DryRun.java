package dev.polyptych.cli.command;

import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.engine.plan.MemoryDemand.Room;
import dev.polyptych.engine.sheet.SheetPlan;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.weights.model.Float8Layers;
import dev.polyptych.weights.model.ModelFolder;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Prints what a model and its tasks need, from configurations alone. */
final class DryRun {
  private static final int HALF = 2;
  private static final int FULL = 4;
  private static final double GIGA = 1e9;

  private final ModelFolder folder;
  private final Catalog catalog;
  private final WeightType weightType;
  private final PrintWriter screen;

  DryRun(ModelFolder folder, Catalog catalog, WeightType weightType, PrintWriter screen) {
    this.folder = folder;
    this.catalog = catalog;
    this.weightType = weightType;
    this.screen = screen;
  }

  /**
   * @param listing whether to list every tensor, too
   * @param files whether the model has files, whose types the plan regards
   */
  void print(boolean listing, boolean files) {
    List<ModelFolder.Part> parts = folder.parts();
    if (listing) {
      parts.forEach(this::printTensors);
    }
    screen.printf(
        "%-16s %8s %16s %14s %14s%n", "part", "tensors", "parameters", "bfloat16", "float32");
    parts.forEach(this::printPart);
    screen.printf(
        "%-16s %8d %16d %11.2f GB %11.2f GB%n%n",
        "all",
        parts.stream().mapToInt(part -> part.tensors().byName().size()).sum(),
        parts.stream().mapToLong(ModelFolder.Part::parameters).sum(),
        bytes(parts, HALF) / GIGA,
        bytes(parts, FULL) / GIGA);
    printTasks(parts);
    catalog.tasks().stream()
        .map(Task::layout)
        .max(Comparator.comparingInt(layout -> layout.sheetWidth() * layout.sheetHeight()))
        .ifPresent(
            largest -> {
              screen.printf(
                  "%nPlans for a sheet of %dx%d on a GPU, with adapters:%n",
                  largest.sheetWidth(), largest.sheetHeight());
              Room room =
                  new Room(largest.sheetWidth(), largest.sheetHeight(), CardPlans.ADAPTERS, 0);
              new CardPlans(
                      folder, files ? Float8Layers.stored(folder) : Map.of(), weightType, room)
                  .lines()
                  .forEach(screen::println);
            });
  }

  private void printTensors(ModelFolder.Part part) {
    part.tensors()
        .byName()
        .forEach((name, shape) -> screen.println(part.name() + "/" + name + " " + shape));
    screen.println();
  }

  private void printPart(ModelFolder.Part part) {
    screen.printf(
        "%-16s %8d %16d %11.2f GB %11.2f GB%n",
        part.name(),
        part.tensors().byName().size(),
        part.parameters(),
        part.bytes(HALF) / GIGA,
        part.bytes(FULL) / GIGA);
  }

  private void printTasks(List<ModelFolder.Part> parts) {
    screen.println(
        "Peak memory is an estimate: the weights and what the graph holds at the same time.");
    screen.printf(
        "%-24s %11s %7s %9s %14s %14s%n",
        "task", "sheet", "tokens", "sequence", "peak bfloat16", "peak float32");
    for (Task task : catalog.tasks()) {
      Layout layout = task.layout();
      SheetPlan half = SheetPlan.of(folder, layout, HALF);
      SheetPlan full = SheetPlan.of(folder, layout, FULL);
      screen.printf(
          "%-24s %11s %7d %9d %11.2f GB %11.2f GB%n",
          task.id(),
          layout.sheetWidth() + "x" + layout.sheetHeight(),
          half.imageTokens(),
          half.jointTokens(),
          (bytes(parts, HALF) + half.peakBytes()) / GIGA,
          (bytes(parts, FULL) + full.peakBytes()) / GIGA);
    }
  }

  private static long bytes(List<ModelFolder.Part> parts, int bytesAValue) {
    return parts.stream().mapToLong(part -> part.bytes(bytesAValue)).sum();
  }
}

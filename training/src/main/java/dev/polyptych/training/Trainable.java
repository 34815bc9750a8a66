package dev.polyptych.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Trained parameters in float32, with the state of their AdamW optimizer and their moving average.
 * A training graph changes them in place. Closing frees their native memory. Belongs to one thread.
 */
public final class Trainable implements AutoCloseable {
  /** The tensors of each parameter, in the order in which training graphs take them. */
  private enum State {
    PARAMETER,
    FIRST_MOMENT,
    SECOND_MOMENT,
    AVERAGE,
    STEPS;

    String key(String name) {
      return name().toLowerCase(Locale.ROOT) + "/" + name;
    }
  }

  /**
   * Values of one parameter in host memory.
   *
   * @param numbers row-major; not copied
   */
  public record Values(List<Long> shape, float[] numbers) {}

  private final Map<State, TensorMap> tensors = new EnumMap<>(State.class);
  private final Map<String, List<Long>> shapes = new LinkedHashMap<>();

  private Trainable() {}

  /** New parameters with the given values, on the manager's device. */
  public static Trainable from(Map<String, Values> initial, NDManager parent) {
    Trainable trainable = new Trainable();
    initial.forEach((name, values) -> trainable.shapes.put(name, values.shape()));
    for (State state : State.values()) {
      trainable.put(state, parent, name -> start(state, initial.get(name)));
    }
    return trainable;
  }

  /**
   * Loads parameters and optimizer state that {@link #save} wrote.
   *
   * @throws dev.polyptych.weights.safetensors.SafetensorsException if the file lacks a tensor
   */
  public static Trainable load(SafetensorsFile file, NDManager parent) {
    Trainable trainable = new Trainable();
    String prefix = State.PARAMETER.key("");
    for (String key : file.names()) {
      if (key.startsWith(prefix)) {
        trainable.shapes.put(key.substring(prefix.length()), file.entry(key).shape());
      }
    }
    for (State state : State.values()) {
      trainable.put(state, parent, name -> file.floats(state.key(name)));
    }
    return trainable;
  }

  private interface Numbers {
    float[] of(String name);
  }

  private void put(State state, NDManager parent, Numbers numbers) {
    NDManager manager = parent.newSubManager();
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) ->
            arrays.put(name, manager.create(numbers.of(name), shape(shape(state, shape)))));
    tensors.put(state, TensorMap.of(manager, arrays));
  }

  /** AdamW counts the steps of each parameter in a scalar. */
  private static List<Long> shape(State state, List<Long> shape) {
    return state == State.STEPS ? List.of() : shape;
  }

  private static Shape shape(List<Long> shape) {
    return new Shape(shape);
  }

  private static float[] start(State state, Values values) {
    return switch (state) {
      case PARAMETER, AVERAGE -> values.numbers();
      case FIRST_MOMENT, SECOND_MOMENT -> new float[values.numbers().length];
      case STEPS -> new float[1];
    };
  }

  /**
   * Adds the last arguments of a training graph's {@code learn}: parameters, both moments,
   * averages, step counts, rates.
   */
  public Graph.Call with(Graph.Call call, Rates rates) {
    tensors.values().forEach(call::with);
    return call.withFractions(
        rates.learningRate(), rates.weightDecay(), rates.clip(), rates.average());
  }

  /** Name to shape of all parameters. */
  public Map<String, List<Long>> shapes() {
    return Map.copyOf(shapes);
  }

  /** The parameters themselves. The caller must not change or close them. */
  public TensorMap parameters() {
    return tensors.get(State.PARAMETER);
  }

  /** The moving average of the parameters. The caller must not change or close it. */
  public TensorMap average() {
    return tensors.get(State.AVERAGE);
  }

  /** A copy of the moving average in host memory: name to values. */
  public Map<String, Values> averages() {
    Map<String, Values> values = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> values.put(name, new Values(shape, average().array(name).toFloatArray())));
    return values;
  }

  /** Adds all tensors that {@link #load} needs. */
  public void save(SafetensorsWriter writer) {
    tensors.forEach(
        (state, map) ->
            shapes.forEach(
                (name, shape) ->
                    writer.add(
                        state.key(name), shape(state, shape), map.array(name).toFloatArray())));
  }

  @Override
  public void close() {
    tensors.values().forEach(TensorMap::close);
  }
}

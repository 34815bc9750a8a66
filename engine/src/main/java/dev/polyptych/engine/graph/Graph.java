package dev.polyptych.engine.graph;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A compiled TorchScript source. It has no weights and no state between calls. The manager that it
 * was loaded with owns its native memory. Each call names the manager of its results; they are
 * never attached to the manager of an operand, as DJL would do. Belongs to one thread.
 */
public final class Graph {
  private final PtSymbolBlock block;

  private Graph(Model model) {
    this.block = (PtSymbolBlock) model.getBlock();
  }

  /**
   * Compiles a source resource for the manager's device.
   *
   * <p>Switches PyTorch's graph optimizer off for the calling thread. The optimizer specialises on
   * the shapes of the first calls: the same job could then give different bits in a first and in a
   * later call, and every new sheet size would be compiled again.
   *
   * @param name the resource {@code torchscript/<name>.torchscript}
   * @throws IllegalStateException if the source does not compile
   */
  public static Graph load(String name, NDManager manager) {
    JniUtils.setGraphExecutorOptimize(false);
    Model model = Model.newInstance(name, manager.getDevice(), "PyTorch");
    try {
      model.load(TorchScriptArchive.of(name));
      manager.attachInternal("graph " + name + " " + UUID.randomUUID(), model);
      return new Graph(model);
    } catch (IOException | MalformedModelException e) {
      model.close();
      throw new IllegalStateException("TorchScript source " + name + " does not load", e);
    }
  }

  /** Begins a call of a method. Add arguments in its order. Use in try-with-resources. */
  public Call call(String method) {
    return new Call(block, method);
  }

  /** A call in preparation. Owns the native form of its plain arguments; closing frees them. */
  public static final class Call implements AutoCloseable {
    private final PtSymbolBlock block;
    private final String method;
    private final List<IValue> arguments = new ArrayList<>();
    private final List<IValue> owned = new ArrayList<>();

    private Call(PtSymbolBlock block, String method) {
      this.block = block;
      this.method = method;
    }

    /** Adds a tensor. The caller still owns it. */
    public Call with(NDArray array) {
      return own(IValue.from((PtNDArray) array));
    }

    /** Adds a float. */
    public Call with(double value) {
      return own(IValue.from(value));
    }

    /** Adds an int. */
    public Call withNumber(long value) {
      return own(IValue.from(value));
    }

    /** Adds a list of ints. */
    public Call withNumbers(long... values) {
      return own(IValue.listFrom(values));
    }

    /** Adds a list of floats. */
    public Call withFractions(double... values) {
      return own(IValue.listFrom(values));
    }

    /** Adds a list of tensors. The caller still owns them. */
    public Call with(List<NDArray> arrays) {
      return own(IValue.listFrom(arrays.toArray(PtNDArray[]::new)));
    }

    /** Adds a string. */
    public Call with(String value) {
      return own(IValue.from(value));
    }

    /** Adds a bool. */
    public Call with(boolean value) {
      return own(IValue.from(value));
    }

    /** Adds named tensors. Their map still owns them. */
    public Call with(TensorMap tensors) {
      arguments.add(tensors.dictionary());
      return this;
    }

    /**
     * Runs a method with autograd: one that computes gradients, or makes a tensor for later
     * gradients. Returns one tensor, attached to {@code manager}.
     */
    public NDArray trained(NDManager manager) {
      try (IValue result = AutogradMethod.run(block, method, arguments.toArray(IValue[]::new))) {
        return result.toTensor((PtNDManager) manager);
      }
    }

    /** Runs a method that returns one tensor; attaches it to {@code manager}. */
    public NDArray tensor(NDManager manager) {
      try (IValue result = run()) {
        return result.toTensor((PtNDManager) manager);
      }
    }

    /** Runs a method that returns a bool. On a GPU this waits for all earlier work. */
    public boolean flag() {
      try (IValue result = run()) {
        return result.toBoolean();
      }
    }

    /** Runs a method that returns a float. On a GPU this waits for all earlier work. */
    public double number() {
      try (IValue result = run()) {
        return result.toDouble();
      }
    }

    /** Runs a method that returns a list of tensors; attaches them to {@code manager}. */
    public List<NDArray> tensors(NDManager manager) {
      try (IValue result = run()) {
        return List.of(result.toTensorArray((PtNDManager) manager));
      }
    }

    private IValue run() {
      return IValueUtils.runMethod(block, method, arguments.toArray(IValue[]::new));
    }

    private Call own(IValue value) {
      owned.add(value);
      arguments.add(value);
      return this;
    }

    @Override
    public void close() {
      owned.forEach(IValue::close);
    }
  }
}

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
import ai.djl.pytorch.jni.TrainingMethod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A compiled TorchScript source. It has no weights and keeps no state between calls. Its native
 * memory belongs to the manager that it was loaded with and dies with it. Results are attached to
 * the manager that the caller names, never to that of an operand, so what survives a call is always
 * said explicitly.
 */
public final class Graph {
  private final PtSymbolBlock block;

  private Graph(Model model) {
    this.block = (PtSymbolBlock) model.getBlock();
  }

  /**
   * Compiles a source resource for the manager's device.
   *
   * <p>Switches PyTorch's graph optimizer off for the calling thread: it would specialise on the
   * shapes of the first calls, so the same job could give other bits as a first call than later,
   * and every new sheet size would pay for compiling again.
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

  /** A call of a method; arguments are added in the method's order. Use in try-with-resources. */
  public Call call(String method) {
    return new Call(block, method);
  }

  /** One call under construction; owns the native form of its plain arguments. */
  public static final class Call implements AutoCloseable {
    private final PtSymbolBlock block;
    private final String method;
    private final List<IValue> arguments = new ArrayList<>();
    private final List<IValue> owned = new ArrayList<>();

    private Call(PtSymbolBlock block, String method) {
      this.block = block;
      this.method = method;
    }

    /** Adds a tensor, which stays the caller's. */
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

    /** Adds a list of tensors, which stay the caller's. */
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

    /** Adds named tensors, which stay their owner's. */
    public Call with(TensorMap tensors) {
      arguments.add(tensors.dictionary());
      return this;
    }

    /**
     * Runs a method that computes gradients, or makes a tensor that they will flow through; returns
     * one tensor, attached to {@code manager}.
     */
    public NDArray trained(NDManager manager) {
      try (IValue result = TrainingMethod.run(block, method, arguments.toArray(IValue[]::new))) {
        return result.toTensor((PtNDManager) manager);
      }
    }

    /** Runs a method that returns one tensor, and attaches it to {@code manager}. */
    public NDArray tensor(NDManager manager) {
      try (IValue result = run()) {
        return result.toTensor((PtNDManager) manager);
      }
    }

    /** Runs a method that returns a bool; on a GPU this waits for all work so far. */
    public boolean flag() {
      try (IValue result = run()) {
        return result.toBoolean();
      }
    }

    /** Runs a method that returns a float; on a GPU this waits as {@link #flag} does. */
    public double number() {
      try (IValue result = run()) {
        return result.toDouble();
      }
    }

    /** Runs a method that returns a list of tensors, and attaches them to {@code manager}. */
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

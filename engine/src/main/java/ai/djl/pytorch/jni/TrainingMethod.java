package ai.djl.pytorch.jni;

import ai.djl.pytorch.engine.PtSymbolBlock;
import java.util.Arrays;

/**
 * Runs a method of a TorchScript module with autograd switched on. {@link IValueUtils#runMethod}
 * always switches it off, and {@link IValueUtils#forward(PtSymbolBlock, ai.djl.ndarray.NDList,
 * boolean)} takes nothing but tensors; what lies below both can be called from this package only,
 * so this one class of ours stands in it.
 */
public final class TrainingMethod {
  private TrainingMethod() {}

  /** Runs {@code method}; the caller closes the result. */
  public static IValue run(PtSymbolBlock block, String method, IValue... arguments) {
    long[] handles = Arrays.stream(arguments).mapToLong(IValue::getHandle).toArray();
    boolean training = true;
    boolean ownCudaStream = false;
    return new IValue(
        PyTorchLibrary.LIB.moduleRunMethod(
            block.getHandle(), method, handles, training, ownCudaStream));
  }
}

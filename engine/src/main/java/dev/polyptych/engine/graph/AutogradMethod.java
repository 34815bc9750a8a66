package dev.polyptych.engine.graph;

import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * Runs a method of a TorchScript module with autograd enabled. DJL offers no public way to do so:
 * {@link IValueUtils#runMethod} always disables autograd, and {@link
 * IValueUtils#forward(PtSymbolBlock, ai.djl.ndarray.NDList, boolean)} accepts tensors only. So this
 * class looks up two package-private members of DJL 0.35 (decision 041).
 */
final class AutogradMethod {
  private static final String LIBRARY = "ai.djl.pytorch.jni.PyTorchLibrary";
  private static final MethodHandle RUN;
  private static final MethodHandle WRAP;

  static {
    try {
      Lookup djl = MethodHandles.privateLookupIn(IValueUtils.class, MethodHandles.lookup());
      Class<?> library = djl.findClass(LIBRARY);
      Object loaded = djl.findStaticVarHandle(library, "LIB", library).get();
      MethodType run =
          MethodType.methodType(
              long.class, long.class, String.class, long[].class, boolean.class, boolean.class);
      RUN = djl.findVirtual(library, "moduleRunMethod", run).bindTo(loaded);
      WRAP = djl.findConstructor(IValue.class, MethodType.methodType(void.class, long.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private AutogradMethod() {}

  /** Runs {@code method}; the caller closes the result. */
  static IValue run(PtSymbolBlock block, String method, IValue... arguments) {
    long[] handles = Arrays.stream(arguments).mapToLong(IValue::getHandle).toArray();
    boolean training = true;
    boolean ownCudaStream = false;
    try {
      long result =
          (long)
              RUN.invokeExact((long) block.getHandle(), method, handles, training, ownCudaStream);
      return (IValue) WRAP.invokeExact(result);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new IllegalStateException("DJL's native method declares no exception", impossible);
    }
  }
}

package dev.polyptych.cli.command;

import java.lang.reflect.Proxy;

/**
 * Ctrl-C. The JVM's only way to it is {@code sun.misc.Signal} (module jdk.unsupported), which javac
 * warns of; so it is found by name.
 */
final class Sigint {
  /** 128 and the signal's number: the status of a process that it ended. */
  static final int STATUS = 130;

  private Sigint() {}

  /**
   * From now on Ctrl-C runs an action, on a thread of its own, and does not end the process. A JVM
   * without signals goes on to end.
   */
  static void handle(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object runs =
          Proxy.newProxyInstance(
              Sigint.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getDeclaringClass() == Object.class) {
                  return method.invoke(action, arguments);
                }
                action.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), runs);
    } catch (ReflectiveOperationException without) {
      // Ctrl-C ends the process, and the jobs go on.
    }
  }
}

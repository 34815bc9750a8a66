package dev.polyptych.lab.bench.weights;

import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Float8Products;
import dev.polyptych.engine.graph.WeightType;
import java.util.Optional;

/**
 * A type of weights, and how to compute with it. The first one is what the others are compared
 * with.
 */
enum WeightArm {
  FLOAT32(ComputeType.FLOAT32, WeightType.FLOAT32, Float8Products.WIDENED),
  BFLOAT16(ComputeType.BFLOAT16, WeightType.BFLOAT16, Float8Products.WIDENED),
  /** The error of rounding the weights alone. */
  FLOAT8_IN_FLOAT32(ComputeType.FLOAT32, WeightType.FLOAT8, Float8Products.WIDENED),
  FLOAT8_IN_BFLOAT16(ComputeType.BFLOAT16, WeightType.FLOAT8, Float8Products.WIDENED),
  /** Activations are rounded, too. A CPU emulates these products, so its seconds mean nothing. */
  FLOAT8_PRODUCTS(ComputeType.BFLOAT16, WeightType.FLOAT8, Float8Products.SCALED);

  private final ComputeType computeType;
  private final WeightType weights;
  private final Float8Products products;

  WeightArm(ComputeType computeType, WeightType weights, Float8Products products) {
    this.computeType = computeType;
    this.weights = weights;
    this.products = products;
  }

  /** On the device and with the threads of the given options. */
  EngineOptions on(EngineOptions machine) {
    return new EngineOptions(
        machine.device(),
        Optional.of(computeType),
        weights,
        products,
        Optional.empty(),
        machine.intraOpThreads());
  }
}

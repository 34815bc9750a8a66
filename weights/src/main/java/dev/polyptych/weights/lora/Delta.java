package dev.polyptych.weights.lora;

import java.util.List;
import java.util.stream.Stream;

/**
 * What an adapter adds to the weight of one linear layer, (outputs x inputs), in the form that its
 * file has.
 */
public sealed interface Delta {
  /** Whether it adds nothing. */
  boolean idle();

  /** A bound of the sum's rank. */
  int rank();

  /** Its matrices. */
  List<Matrix> matrices();

  /** Bytes that it takes when it is used. */
  default long bytes() {
    return matrices().stream().mapToLong(Matrix::length).sum();
  }

  /**
   * {@code factor * up * down} (Hu et al. 2021, arXiv 2106.09685, section 4.1).
   *
   * @param down A, (rank x inputs)
   * @param up B, (outputs x rank)
   * @param factor alpha / rank
   */
  record LowRank(Matrix down, Matrix up, double factor) implements Delta {
    @Override
    public boolean idle() {
      return factor == 0 || up.zero() || down.zero();
    }

    @Override
    public int rank() {
      return down.rows();
    }

    @Override
    public List<Matrix> matrices() {
      return List.of(down, up);
    }
  }

  /**
   * LoHa: {@code factor * (up1 * down1) ∘ (up2 * down2)} (LyCORIS modules/loha.py). Its rank is at
   * most the product of the two ranks.
   */
  record Hadamard(Matrix up1, Matrix down1, Matrix up2, Matrix down2, double factor)
      implements Delta {
    @Override
    public boolean idle() {
      return factor == 0 || matrices().stream().anyMatch(Matrix::zero);
    }

    @Override
    public int rank() {
      long product = (long) down1.rows() * down2.rows();
      return (int) Math.min(product, Math.min(up1.rows(), down1.columns()));
    }

    @Override
    public List<Matrix> matrices() {
      return List.of(up1, down1, up2, down2);
    }

    /** As two matrices of its rank, or whole. */
    @Override
    public long bytes() {
      return (long) rank() * (up1.rows() + down1.columns()) * Float.BYTES;
    }

    Hadamard rows(int row, int rows) {
      return new Hadamard(up1.rows(row, rows), down1, up2.rows(row, rows), down2, factor);
    }
  }

  /**
   * LoKr: rows of {@code factor * (left ⊗ right)} (LyCORIS modules/lokr.py). Its outputs are {@code
   * left}'s rows, each times {@code right}'s.
   *
   * @param left one matrix, or two whose product it is
   * @param right one matrix, or two whose product it is
   * @param skip rows before the layer's first
   * @param swapped whether the second half of the rows comes first
   */
  record Kronecker(List<Matrix> left, List<Matrix> right, int skip, boolean swapped, double factor)
      implements Delta {
    public Kronecker {
      left = List.copyOf(left);
      right = List.copyOf(right);
    }

    @Override
    public boolean idle() {
      return factor == 0 || matrices().stream().anyMatch(Matrix::zero);
    }

    @Override
    public int rank() {
      long product = (long) rank(left) * rank(right);
      return (int) Math.min(product, Integer.MAX_VALUE);
    }

    private static int rank(List<Matrix> factors) {
      return factors.stream().mapToInt(one -> Math.min(one.rows(), one.columns())).min().orElse(0);
    }

    @Override
    public List<Matrix> matrices() {
      return Stream.concat(left.stream(), right.stream()).toList();
    }

    Kronecker rows(int row, int rows) {
      int height = right.getFirst().rows();
      int first = row / height;
      int last = (row + rows + height - 1) / height;
      List<Matrix> kept =
          Stream.concat(Stream.of(left.getFirst().rows(first, last - first)), left.stream().skip(1))
              .toList();
      return new Kronecker(kept, right, row - first * height, swapped, factor);
    }
  }

  /** The whole sum. */
  record Full(Matrix values) implements Delta {
    @Override
    public boolean idle() {
      return values.zero();
    }

    @Override
    public int rank() {
      return Math.min(values.rows(), values.columns());
    }

    @Override
    public List<Matrix> matrices() {
      return List.of(values);
    }
  }
}

"""The engine's graphs with weights in float8."""
import math
import re

import torch

from arms import NUMBERS, Ours
from judge import say

# Float8Trial.java
DISTANCE = 0.02
# Float8Layers.java: linear layers of the blocks, without the modulation.
MODULATION = re.compile(r".*transformer_blocks\.\d+\.norm(1|1_context)?\.linear\.weight")


def multiplies(graph, like):
    """Whether this device multiplies in float8: the engine's own trial product."""
    try:
        distance = graph.trial(like)
    except RuntimeError as refused:
        lines = str(refused).splitlines()
        why = next((line for line in lines if "Error" in line), lines[0]).split(". ")[0]
        say(f"products in float8: no, weights are widened; the trial product failed: {why}")
        return False
    good = math.isfinite(distance) and distance <= DISTANCE
    say(f"products in float8: {'yes' if good else 'no, weights are widened'}; the trial product is off by {distance:.3g}")
    return good


def rounded(loader, tensor):
    """TensorLoader.java: a matrix in float8, and its scales (rows, 1)."""
    raw = tensor.contiguous().reshape(-1).view(torch.uint8)
    return loader.rounded(raw, NUMBERS[tensor.dtype], list(tensor.shape), 1.0)


class Float8(Ours):
    """As Ours, with the blocks' weights rounded to float8."""

    def __init__(self, flux, transformer, vae, device, scaled=None):
        """scaled: whether to multiply in float8 (None: as the trial says)."""
        super().__init__(flux, transformer, vae, device)
        first = next(iter(transformer.state_dict().values()))
        self.scaled = multiplies(self.graph, first) if scaled is None else scaled
        base = {}
        for name, tensor in transformer.state_dict().items():
            if not self.made(name, tensor):
                base[name] = self.packed(tensor)
                continue
            codes, scale = rounded(self.loader, tensor)
            multiplied = self.scaled and all(side % 16 == 0 for side in tensor.shape)
            base[name] = codes
            base[name.removesuffix(".weight") + ".scale"] = self.loader.laid(scale) if multiplied else scale
            self.weights_bytes += codes.numel() + 4 * scale.numel() - tensor.numel() * tensor.element_size()
        self.base = base
        self.none = self.weights(base, {}, 0.0)

    @staticmethod
    def made(name, tensor):
        return tensor.dim() == 2 and "transformer_blocks." in name and not MODULATION.fullmatch(name)

    def widened(self):
        """The same values as wide weights, in which products must give the same bits as with widened ones."""
        wide = {}
        for name, tensor in self.base.items():
            if name.endswith(".scale"):
                continue
            if tensor.dtype == torch.float8_e4m3fn:
                values = self.loader.widened(tensor, self.base[name.removesuffix(".weight") + ".scale"])
                tensor = self.packed(values.to(self.base["x_embedder.bias"].dtype))
            wide[name] = tensor
        return self.weights(wide, {}, 0.0)

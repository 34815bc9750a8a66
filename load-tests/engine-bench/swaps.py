"""What an adapter takes from tier to tier: disk, host memory, device, merged."""
import math
import os
import statistics

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from arms import NUMBERS
from judge import TOLERANCES, distance, say

RANK = 16  # of the published adapters


class Adapter:
    """A LoRA file of random values on every linear layer of the blocks, as the published ones are, and its tiers."""

    def __init__(self, path, ours, transformer, seed):
        self.path, self.ours = path, ours
        random = torch.Generator().manual_seed(seed)
        layers = [(name, layer) for name, layer in transformer.named_modules()
                  if isinstance(layer, torch.nn.Linear) and "transformer_blocks." in name]
        self.modules = [name for name, _ in layers]
        file = {}
        for name, layer in layers:
            for part, shape in (("A", (RANK, layer.in_features)), ("B", (layer.out_features, RANK))):
                # Together as large as the weights themselves: its effect is not to be taken for rounding.
                values = torch.randn(shape, generator=random) / math.sqrt(shape[1])
                file[f"transformer.{name}.lora_{part}.weight"] = values.to(torch.float16)
        save_file(file, path)

    def read(self, cold):
        """Disk to host memory."""
        if cold:
            with open(self.path, "rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        with safe_open(self.path, "pt") as file:
            # Copied, else the pages would be read only when they are sent to the device.
            return {key: file.get_tensor(key).clone() for key in file.keys()}

    def sent(self, tensor, number):
        """TensorLoader.java: raw bytes to the device, where the graph gives them their type, by PyTorch's number."""
        raw = tensor.reshape(-1).view(torch.uint8).to(self.ours.device)
        return self.ours.loader.decode(raw, 5, number, list(tensor.shape), 1.0)

    def branch(self, host, dtype):
        """Host memory to the device, in the compute type."""
        number = NUMBERS[dtype]
        parts = {f"{module}.lora_{part}": self.ours.packed(self.sent(host[f"transformer.{module}.lora_{part}.weight"], number))
                 for module in self.modules for part in "AB"}
        return self.ours.weights(self.ours.base, parts, 1.0)

    def merged(self, host, dtype):
        """DevicePlacement.java: every layer's sum in float32 from the untouched base, rounded once, in a buffer of its own."""
        layers, number = dict(self.ours.base), NUMBERS[dtype]
        for module in self.modules:
            down, up = (self.sent(host[f"transformer.{module}.lora_{part}.weight"], 6) for part in "AB")
            delta = self.ours.loader.product(up, down)
            layers[f"{module}.weight"] = self.ours.loader.merge(self.ours.base[f"{module}.weight"], [delta], [1.0], number)
        return self.ours.weights(layers, {}, 0.0)


def swaps(ours, transformer, inputs, work, device, agreement, rounds):
    """Seconds that an adapter takes from tier to tier, and a step with it in either way."""
    first, second = (Adapter(f"{work}/adapter{seed}.safetensors", ours, transformer, seed) for seed in (1, 2))
    figures = {"adapter_modules": len(first.modules), "adapter_file_bytes": os.path.getsize(first.path)}

    def median(name, work_):
        """Keeps the last result only: a merged one is as large as the model."""
        taken, result = [], None
        for _ in range(rounds):
            result = None
            seconds, result = device.timed(work_)
            taken.append(seconds)
        figures[name] = statistics.median(taken)
        say(f"{name}: {figures[name]:.4f} s")
        return result

    median("swap_disk_to_host_cold_seconds", lambda: first.read(cold=True))
    host = median("swap_disk_to_host_seconds", lambda: first.read(cold=False))
    branch = median("swap_host_to_device_seconds", lambda: first.branch(host, inputs.dtype))
    other = second.branch(second.read(cold=False), inputs.dtype)
    base_before = ours.first_velocity(inputs, 4.0)
    by_branch = ours.first_velocity(inputs, 4.0, branch)
    ours.first_velocity(inputs, 4.0, other)
    # A, B, A: an adapter leaves nothing behind.
    again = ours.first_velocity(inputs, 4.0, branch)
    agreement.check("adapter_a_b_a_distance", distance(again, by_branch), 0.0)
    agreement.check("base_after_adapters_distance", distance(ours.first_velocity(inputs, 4.0), base_before), 0.0)
    # An adapter that changed nothing would agree with everything.
    figures["adapter_effect_distance"] = distance(by_branch, base_before)
    if figures["adapter_effect_distance"] == 0:
        agreement.failed.append("adapter_effect_distance")
    resident(ours, inputs, branch, other, device, figures, rounds)
    ways = {"none": ours.none, "branch": branch}
    try:
        device.forget_peak()
        merged = median("swap_merge_seconds", lambda: first.merged(host, inputs.dtype))
        if device.cuda:
            figures["swap_merge_peak_bytes"] = device.peak()
        agreement.check("merged_velocity_distance", distance(ours.first_velocity(inputs, 4.0, merged), by_branch),
                        TOLERANCES[inputs.dtype])
        ways["merged"] = merged
    except torch.OutOfMemoryError:
        say("merging needs a second copy of the blocks' weights: this device has no room for it, so it is left out")
    for name, weights in ways.items():
        steps = [device.timed(lambda: ours.steps(inputs, weights))[0] / inputs.steps for _ in range(rounds + 1)]
        figures[f"ours_step_{name}_seconds"] = statistics.median(steps[1:])
    return figures


def resident(ours, inputs, branch, other, device, figures, rounds):
    """A change between two adapters on the device: what a velocity after a change takes longer than one without."""
    more = []
    for _ in range(rounds):
        ours.first_velocity(inputs, 4.0, branch)
        same, _ = device.timed(lambda: ours.first_velocity(inputs, 4.0, branch))
        changed, _ = device.timed(lambda: ours.first_velocity(inputs, 4.0, other))
        more.append(changed - same)
    figures["swap_resident_seconds"] = statistics.median(more)
    say(f"swap_resident_seconds: {figures['swap_resident_seconds']:.4f} s (a difference of two timings: may be below 0)")

"""The device's clock and memory, and whether two arms compute the same."""
import math
import platform
import sys
import time

import torch


def say(words):
    print(words, file=sys.stderr, flush=True)


class Device:
    """Waits for the device; memory is known only on a GPU."""

    def __init__(self, kind):
        self.kind, self.cuda = kind, kind == "cuda"
        if self.cuda and not torch.cuda.is_available():
            sys.exit(f"PyTorch {torch.__version__} sees no CUDA device. `--device cpu --size small` tries this script without one.")
        self.name = torch.cuda.get_device_name() if self.cuda else f"cpu ({platform.machine()})"

    def wait(self):
        if self.cuda:
            torch.cuda.synchronize()

    def timed(self, work):
        """Seconds of a call, the device's work included, and its result."""
        self.wait()
        begin = time.perf_counter()
        result = work()
        self.wait()
        return time.perf_counter() - begin, result

    def forget_peak(self):
        if self.cuda:
            torch.cuda.reset_peak_memory_stats()

    def peak(self):
        return torch.cuda.max_memory_allocated() if self.cuda else None

    def allocated(self):
        return torch.cuda.memory_allocated() if self.cuda else None

    def free(self):
        if self.cuda:
            torch.cuda.empty_cache()


# Relative distances, as norms. With 57 blocks of random weights bfloat16's rounding alone comes to 1 or 2 %: enough to hide
# a wrong detail, which is why a block of each kind is compared in float32 as well.
TOLERANCES = {torch.bfloat16: 5e-2, torch.float32: 1e-4}

# Three bits of mantissa: a weight is off by 1/40 on average, and random blocks amplify that. That the graph widens and
# multiplies rightly is compared apart, in float32.
FLOAT8_TOLERANCE = 0.25


def distance(a, b):
    a, b = a.to(torch.float32), b.to(torch.float32)
    return (torch.linalg.vector_norm(a - b) / torch.linalg.vector_norm(b)).item()


class Agreement:
    """What was compared; anything too far off ends the script with status 1, after the report."""

    def __init__(self):
        self.found, self.failed = {}, []

    def check(self, name, value, limit):
        self.found[name] = value
        # Not finite is no agreement either.
        good = math.isfinite(value) and value <= limit
        say(f"{name}: {value:.3g} (at most {limit:g}): {'agrees' if good else 'DIFFERS'}")
        if not good:
            self.failed.append(name)

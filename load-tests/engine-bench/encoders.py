"""What a new prompt takes, by the place of the text encoders: T5, which has 97 % of their weights."""
import statistics

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from transformers import T5Config, T5EncoderModel

import published
from arms import NUMBERS
from float8 import rounded
from judge import TOLERANCES, distance, say


class Encoder:
    """The engine's graph, called as T5TextEncoder.java calls it, and its weights in host memory, on the device, in a file."""

    def __init__(self, flux, dtype, device, path):
        self.device, self.path, self.number = device, path, NUMBERS[dtype]
        config = T5Config(**flux.t5)
        torch.manual_seed(11)
        torch.set_default_dtype(dtype)
        with torch.device(device.kind):
            network = T5EncoderModel(config).eval().requires_grad_(False)
        torch.set_default_dtype(torch.float32)
        # The embedding of the tokens is there twice, under two names.
        self.resident = {name: tensor for name, tensor in network.state_dict().items() if "embed_tokens" not in name}
        self.host = {name: tensor.cpu() for name, tensor in self.resident.items()}
        save_file(self.host, path)
        self.graphs = {kind: torch.jit.load(flux.archive("t5"), map_location=kind) for kind in {device.kind, "cpu"}}
        self.loader = torch.jit.load(flux.archive("weights"), map_location=device.kind)
        self.sizes = [config.num_heads, config.num_layers, config.relative_attention_num_buckets,
                      config.relative_attention_max_distance]
        self.epsilon = config.layer_norm_epsilon
        self.tokens = torch.randint(config.vocab_size, (1, published.TEXT_TOKENS), generator=torch.Generator().manual_seed(5))

    def states(self, weights, kind):
        branch = torch.jit.script({"": torch.empty(0)})
        return self.graphs[kind].states(self.tokens.to(kind), self.sizes, self.epsilon, "gelu", True,
                                        torch.jit.script(weights), branch, 0.0)

    def moved(self):
        return {name: tensor.to(self.device.kind) for name, tensor in self.host.items()}

    def read(self):
        """TensorLoader.java: raw bytes of the file to the device, where the graph gives them their type."""
        with safe_open(self.path, "pt") as file:
            tensors = ((name, file.get_tensor(name)) for name in file.keys())
            return {name: self.loader.decode(tensor.reshape(-1).view(torch.uint8).to(self.device.kind), self.number,
                                             self.number, list(tensor.shape), 1.0) for name, tensor in tensors}

    def float8(self):
        weights = {}
        for name, tensor in self.resident.items():
            # Linear layers: all matrices but the two tables of embeddings.
            if tensor.dim() == 2 and name != "shared.weight" and "relative_attention_bias" not in name:
                weights[name], weights[name.removesuffix(".weight") + ".scale"] = rounded(self.loader, tensor)
            else:
                weights[name] = tensor
        return weights


def bytes_of(weights):
    return sum(tensor.numel() * tensor.element_size() for tensor in weights.values())


def text(flux, dtype, work, device, agreement, rounds):
    """Seconds of a new prompt with the encoder in each place, and what it takes of the device's memory beside the rest."""
    before = device.allocated()
    encoder = Encoder(flux, dtype, device, f"{work}/t5.safetensors")
    figures = {"text_weights_bytes": bytes_of(encoder.resident)}
    kind = device.kind

    def measured(place, work_):
        taken, result = [], None
        for _ in range(rounds + 1):
            device.forget_peak()
            seconds, result = device.timed(work_)
            taken.append(seconds)
        figures[f"text_{place}_seconds"] = statistics.median(taken[1:])
        if device.cuda:
            figures[f"text_{place}_peak_bytes"] = device.peak() - before
        say(f"text encoder {place}: {figures[f'text_{place}_seconds']:.4f} s a prompt")
        return result.to(torch.float32).cpu()

    expected = measured("resident", lambda: encoder.states(encoder.resident, kind))
    narrow = encoder.float8()
    figures["text_float8_weights_bytes"] = bytes_of(narrow)
    eight = measured("resident_float8", lambda: encoder.states(narrow, kind))
    del narrow
    encoder.resident = None
    device.free()
    agreement.check("text_moved_distance", distance(measured("moved", lambda: encoder.states(encoder.moved(), kind)), expected), 0.0)
    device.free()
    agreement.check("text_released_distance",
                    distance(measured("released", lambda: encoder.states(encoder.read(), kind)), expected), 0.0)
    device.free()
    agreement.check("text_cpu_distance", distance(measured("cpu", lambda: encoder.states(encoder.host, "cpu")), expected),
                    TOLERANCES[dtype])
    figures["text_float8_distance"] = distance(eight, expected)
    return figures

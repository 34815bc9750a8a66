"""Writes GGUF files with the package gguf, and what it decodes and diffusers draws with them.

    pip install -r requirements.txt && python make_gguf_goldens.py ../resources/goldens

Needs the fixtures of make_goldens.py. "blocks.gguf" has a tensor of each type. gguf can't round to the K types, so their
blocks are random bits between scales that are sensible. "transformer.gguf" has the "dev" folder's transformer under the
names of Black Forest Labs, "t5.gguf" its T5 under those of llama.cpp. "expected" has gguf's own values of the blocks, and
what diffusers draws with gguf's values of the two networks.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from diffusers import FluxPipeline
from gguf import GGMLQuantizationType as Type
from gguf import GGUFReader, GGUFWriter, MODEL_ARCH, get_tensor_name_map
from gguf.constants import GGML_QUANT_SIZES
from gguf.quants import dequantize, quantize
from safetensors.torch import load_file, save_file

from make_file_goldens import bfl_transformer, unfused
from make_goldens import drawn

ROUNDED = (Type.F32, Type.F16, Type.BF16, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1, Type.Q8_0)
# Bytes of the scales in half precision.
K_TYPES = {Type.Q4_K: (0, 2), Type.Q5_K: (0, 2), Type.Q6_K: (208,)}
SHAPE = (3, 256)


def add(writer, name, values, kind):
    """A tensor of float32 in a type."""
    stored = quantize(np.ascontiguousarray(values, dtype=np.float32), kind)
    writer.add_tensor(name, stored, raw_dtype=kind)


def random_blocks(kind, random):
    stored = random.integers(0, 256, (SHAPE[0], GGML_QUANT_SIZES[kind][1]), dtype=np.uint8)
    for at in K_TYPES[kind]:
        scales = random.uniform(-0.01, 0.01, SHAPE[0]).astype(np.float16)
        stored[:, at:at + 2] = scales.view(np.uint8).reshape(-1, 2)
    return stored


def write(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def values(path):
    """What gguf reads from a file, as float32."""
    out = {}
    for tensor in GGUFReader(path).tensors:
        shape = tuple(int(n) for n in reversed(tensor.shape))
        out[tensor.name] = torch.from_numpy(
            dequantize(tensor.data, tensor.tensor_type).astype(np.float32).reshape(shape).copy())
    return out


def blocks(path):
    random = np.random.default_rng(17)
    writer = GGUFWriter(path, "flux")
    writer.add_custom_alignment(64)
    for kind in ROUNDED:
        add(writer, kind.name, random.normal(size=SHAPE), kind)
    for kind in K_TYPES:
        writer.add_tensor(kind.name, random_blocks(kind, random), raw_dtype=kind)
    write(writer)
    return values(path)


def network(path, arch, weights, kinds):
    """Matrices in the given types by turns, where their rows fill blocks; the rest in F32, F16 and BF16 by turns."""
    writer = GGUFWriter(path, arch)
    writer.add_array("tokenizer.ggml.tokens", ["<pad>", "</s>", "Größe"])
    writer.add_array("tokenizer.ggml.scores", [0.0, -1.5, 2.0])
    writer.add_bool("tokenizer.ggml.add_bos_token", False)
    writer.add_uint64("general.count", 2**40)
    for i, (name, value) in enumerate(weights.items()):
        full = value.dim() == 2 and value.shape[1] % 32 == 0
        add(writer, name, value.numpy(), kinds[i % len(kinds)] if full else ROUNDED[i % 3])
    write(writer)
    return values(path)


def llama(weights, blocks_):
    """T5's tensors under the names that llama.cpp's converter gives them."""
    names = get_tensor_name_map(MODEL_ARCH.T5ENCODER, blocks_)
    out = {}
    for name, value in weights.items():
        out[names.get_name(name, try_suffixes=(".weight",))] = (name, value)
    return out


def main(root):
    folder, out = root / "dev" / "model", root / "gguf"
    out.mkdir(exist_ok=True)
    expected = {f"blocks.{name}": value for name, value in blocks(out / "blocks.gguf").items()}

    transformer = load_file(next((folder / "transformer").glob("*.safetensors")))
    t5 = load_file(next((folder / "text_encoder_2").glob("*.safetensors")))
    config = {name: json.loads((folder / name / "config.json").read_text()) for name in ("transformer", "text_encoder_2")}
    bfl = bfl_transformer(transformer, config["transformer"]["num_layers"], config["transformer"]["num_single_layers"])
    kinds = (Type.Q8_0, Type.Q5_1, Type.Q8_0, Type.Q4_0, Type.Q8_0, Type.Q5_0, Type.Q8_0, Type.Q4_1)
    read = network(out / "transformer.gguf", "flux", bfl, kinds)
    named = llama(t5, config["text_encoder_2"]["num_layers"])
    read_t5 = network(out / "t5.gguf", "t5encoder", {key: value for key, (_, value) in named.items()}, (Type.Q8_0,))

    pipeline = FluxPipeline.from_pretrained(folder, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    width = config["transformer"]["num_attention_heads"] * config["transformer"]["attention_head_dim"]
    pipeline.transformer.load_state_dict(unfused(read, transformer, width))
    pipeline.text_encoder_2.load_state_dict(
        {name: read_t5[key] for key, (name, _) in named.items()}, strict=False)
    latents = load_file(root / "dev" / "expected.safetensors")["latents"]
    picture = drawn(pipeline, latents, "gguf")
    expected |= {name: value.to(torch.float32) for name, value in picture.items() if name.endswith(".latents")}
    save_file({name: value.contiguous() for name, value in expected.items()}, out / "expected.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Makes one adapter file for each layout of LoRA keys, and what diffusers draws with it on the "dev" folder.

    pip install -r requirements.txt && python make_adapter_goldens.py ../resources/goldens

Needs the fixtures of make_goldens.py. diffusers' converters know FLUX.1's sizes only, so their source is run with this
model's; and keys that they leave without the prefix "transformer." (layers outside the blocks of kohya files) get it
here, because the loader would drop them without a word.

"peft-patterns" needs no converter: PEFT makes it, with ranks and alphas by regular expressions in the metadata.
"""

import inspect
import math
import sys
from pathlib import Path

import torch
from diffusers import FluxPipeline
from diffusers.loaders import lora_conversion_utils as conversion
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file, save_file

from make_goldens import randomise_adapter, velocity

RANK = 4
BLOCKS = 2
HALVES = {"down_up": (".lora_down.weight", ".lora_up.weight"), "a_b": (".lora_A.weight", ".lora_B.weight"),
          "plain": (".down.weight", ".up.weight")}


def patched(name, width):
    """A converter with FLUX.1's sizes replaced by this model's."""
    source = inspect.getsource(getattr(conversion, name))
    for old, new in (("12288", 4 * width), ("3072", width), ("num_layers = 19", f"num_layers = {BLOCKS}"),
                     ("num_single_layers = 38", f"num_single_layers = {BLOCKS}")):
        source = source.replace(old, str(new))
    namespace = dict(vars(conversion))
    exec(source, namespace)
    return namespace[name]


def bfl_layers(config):
    """Name to (inputs, outputs) of every linear layer in the original layout."""
    width = config.num_attention_heads * config.attention_head_dim
    layers = {"img_in": (config.in_channels, width), "txt_in": (config.joint_attention_dim, width),
              "vector_in.in_layer": (config.pooled_projection_dim, width),
              "final_layer.linear": (width, config.in_channels), "final_layer.adaLN_modulation.1": (width, 2 * width)}
    for name in ("time_in", "guidance_in"):
        layers[name + ".in_layer"] = (256, width)
    for name in ("time_in", "guidance_in", "vector_in"):
        layers[name + ".out_layer"] = (width, width)
    for i in range(BLOCKS):
        for stream in ("img", "txt"):
            block = f"double_blocks.{i}.{stream}_"
            layers |= {block + "attn.qkv": (width, 3 * width), block + "attn.proj": (width, width),
                       block + "mlp.0": (width, 4 * width), block + "mlp.2": (4 * width, width),
                       block + "mod.lin": (width, 6 * width)}
        block = f"single_blocks.{i}."
        layers |= {block + "linear1": (width, 7 * width), block + "linear2": (5 * width, width),
                   block + "modulation.lin": (width, 3 * width)}
    return layers


def xlabs_layers(config):
    width = config.num_attention_heads * config.attention_head_dim
    layers = {}
    for i in range(BLOCKS):
        for stream in (1, 2):
            layers[f"double_blocks.{i}.processor.qkv_lora{stream}"] = (width, 3 * width)
            layers[f"double_blocks.{i}.processor.proj_lora{stream}"] = (width, width)
        layers[f"single_blocks.{i}.processor.qkv_lora"] = (width, 3 * width)
        layers[f"single_blocks.{i}.processor.proj_lora"] = (5 * width, width)
    return layers


def diffusers_layers(transformer):
    """What diffusers' converter of kohya files on diffusers' names knows: attention, and all outside the blocks."""
    return {name: (module.in_features, module.out_features) for name, module in transformer.named_modules()
            if isinstance(module, torch.nn.Linear) and ("blocks" not in name or ".attn." in name)}


def pairs(layers, prefix, flat, halves, seed, rank_of=lambda name: RANK):
    generator = torch.Generator().manual_seed(seed)
    tensors = {}
    for name, (inputs, outputs) in layers.items():
        rank = rank_of(name)
        key = prefix + (name.replace(".", "_") if flat else name)
        down = torch.randn(rank, inputs, generator=generator) / math.sqrt(inputs)
        up = 0.5 * torch.randn(outputs, rank, generator=generator) / math.sqrt(rank)
        tensors[key + HALVES[halves][0]] = down.half()
        tensors[key + HALVES[halves][1]] = up.half()
    return tensors


def block_diagonal(up, heights):
    """B of separately trained layers that were stacked."""
    rank = up.shape[1] // len(heights)
    mask, row = torch.zeros_like(up), 0
    for index, height in enumerate(heights):
        mask[row:row + height, index * rank:(index + 1) * rank] = 1
        row += height
    return up * mask


def kohya(config):
    """Ranks that differ, alphas that differ or are missing, fused layers both dense and block-diagonal."""
    width = config.num_attention_heads * config.attention_head_dim
    ranks = {"double_blocks.0.img_attn.qkv": 6, "double_blocks.1.txt_attn.qkv": 3, "single_blocks.1.linear1": 8}
    layers = bfl_layers(config)
    tensors = pairs(layers, "lora_unet_", True, "down_up", 11, lambda name: ranks.get(name, RANK))
    for name in ("double_blocks_0_img_attn_qkv", "double_blocks_1_txt_attn_qkv"):
        key = f"lora_unet_{name}.lora_up.weight"
        tensors[key] = block_diagonal(tensors[key], [width] * 3)
    key = "lora_unet_single_blocks_1_linear1.lora_up.weight"
    tensors[key] = block_diagonal(tensors[key], [width] * 3 + [4 * width])
    for index, name in enumerate(layers):
        # diffusers throws away the final layer's alphas.
        if index % 5 and not name.startswith("final_layer"):
            tensors["lora_unet_" + name.replace(".", "_") + ".alpha"] = torch.tensor(float(1 + index % 3))
    return tensors


def kohya_diffusers(transformer):
    layers = diffusers_layers(transformer)
    tensors = pairs(layers, "lora_transformer_", True, "down_up", 12)
    for name in layers:
        tensors["lora_transformer_" + name.replace(".", "_") + ".alpha"] = torch.tensor(2.0)
    return tensors


def files(transformer):
    config = transformer.config
    layers = bfl_layers(config)
    # fal's converter knows nothing but the final layer outside the blocks.
    blocks = {name: sizes for name, sizes in layers.items() if "blocks" in name or name == "final_layer.linear"}
    return {
        "kohya": kohya(config),
        "kohya-diffusers": kohya_diffusers(transformer),
        "comfy": pairs(layers, "diffusion_model.", False, "down_up", 13),
        "comfy-a-b": pairs(layers, "diffusion_model.", False, "a_b", 14),
        "xlabs": pairs(xlabs_layers(config), "", False, "plain", 15),
        "fal": pairs(blocks, "base_model.model.", False, "a_b", 16),
    }


def save_peft_patterns(out, pipeline):
    """As diffusers saves an adapter of PEFT: a name, a name's end, regular expressions, and modules that two keys match."""
    settings = LoraConfig(
        r=RANK, lora_alpha=6, init_lora_weights=False,
        target_modules=["to_q", "to_k", "to_v", "add_k_proj", "proj_mlp", "proj_out", "net.0.proj", "norm_out.linear"],
        rank_pattern={r".*single_transformer_blocks\.\d+\.attn\.to_(q|k)": 6, "transformer_blocks.0.attn.to_q": 2},
        alpha_pattern={
            r".*single_transformer_blocks\.\d+\.attn\.to_q": 12,  # the case of a published file
            "transformer_blocks.1.attn.to_q": 2,  # single_transformer_blocks.1 has no dot before this name
            r"0\..*to_v": 3, "to_v": 9,  # the first match counts; the file has the keys sorted
            "attn.to_k": 1,
            r"^proj_out": 14,  # outside the blocks only
            r"(ff|ff_context)\.net\.\d\.proj": 10,
        })
    pipeline.transformer.add_adapter(settings, "peft")
    randomise_adapter(pipeline.transformer)
    layers = get_peft_model_state_dict(pipeline.transformer, adapter_name="peft")
    FluxPipeline.save_lora_weights(
        out, transformer_lora_layers={key: value.half() for key, value in layers.items()},
        transformer_lora_adapter_metadata=settings.to_dict(), weight_name="peft-patterns.safetensors")
    pipeline.transformer.delete_adapters("peft")


def converted(name, tensors, width):
    tensors = {key: value.float() for key, value in tensors.items()}
    if name == "xlabs":
        ours = patched("_convert_xlabs_flux_lora_to_diffusers", width)(tensors)
    elif name == "fal":
        ours = patched("_convert_fal_kontext_lora_to_diffusers", width)(tensors)
    else:
        # diffusers knows no dotted names with A and B without the control LoRAs' norms: the same with down and up.
        spelled = {key.replace("lora_A", "lora_down").replace("lora_B", "lora_up"): value for key, value in tensors.items()}
        ours = patched("_convert_kohya_flux_lora_to_diffusers", width)(spelled)
    return {key if key.startswith("transformer.") else "transformer." + key: value for key, value in ours.items()}


def factors(pipeline, name):
    return [module.scaling[name] for module in pipeline.transformer.modules() if name in getattr(module, "scaling", {})]


def velocities(pipeline, name, inputs):
    """With the loaded adapter, which is then unloaded."""
    found = {}
    for scale in (1.0, 0.5):
        pipeline.set_adapters(name, scale)
        found[f"velocity.{name}.{scale}"] = velocity(
            pipeline, inputs["latents"], inputs["states.0"], inputs["pooled.0"]).contiguous()
    pipeline.unload_lora_weights()
    return found


def together(pipeline, out, inputs):
    """Three of the files at once: of other layers, ranks and alphas."""
    names = ["kohya", "xlabs", "peft-patterns"]
    config = pipeline.transformer.config
    for name in names:
        path = out / f"{name}.safetensors"
        if name == "peft-patterns":
            pipeline.load_lora_weights(out, weight_name=path.name, adapter_name=name)
        else:
            pipeline.load_lora_weights(
                converted(name, load_file(path), config.num_attention_heads * config.attention_head_dim), adapter_name=name)
    found = {}
    for scales in ([1.0, 0.5, 0.25], [0.75, -1.5, 0.0]):
        pipeline.set_adapters(names, scales)
        found["velocity.together." + ".".join(map(str, scales))] = velocity(
            pipeline, inputs["latents"], inputs["states.0"], inputs["pooled.0"]).contiguous()
    pipeline.unload_lora_weights()
    return found


def main(goldens):
    out = goldens / "adapters"
    out.mkdir(exist_ok=True)
    inputs = load_file(goldens / "dev/expected.safetensors")
    pipeline = FluxPipeline.from_pretrained(goldens / "dev/model", torch_dtype=torch.float32)
    config = pipeline.transformer.config
    expected = {}
    for name, tensors in files(pipeline.transformer).items():
        save_file(tensors, out / f"{name}.safetensors")
        pipeline.load_lora_weights(converted(name, tensors, config.num_attention_heads * config.attention_head_dim), adapter_name=name)
        scalings = set(factors(pipeline, name))
        assert scalings == {1.0}, f"{name}: converted files have their alphas multiplied in, but count {scalings} times"
        expected |= velocities(pipeline, name, inputs)
    save_peft_patterns(out, pipeline)
    pipeline.load_lora_weights(out, weight_name="peft-patterns.safetensors", adapter_name="peft-patterns")
    scalings = set(factors(pipeline, "peft-patterns"))
    assert len(scalings) > 6, f"the patterns give only {scalings}"
    expected |= velocities(pipeline, "peft-patterns", inputs)
    expected |= together(pipeline, out, inputs)
    save_file(expected, out / "expected.safetensors")


if __name__ == "__main__":
    torch.use_deterministic_algorithms(True)
    main(Path(sys.argv[1]))

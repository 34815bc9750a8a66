"""Writes the "dev" folder's weights as other tools keep them, and what diffusers draws with the float8 ones.

    pip install -r requirements.txt && python make_file_goldens.py ../resources/goldens

Needs the fixtures of make_goldens.py. "all-in-one" is ComfyUI's layout: transformer and autoencoder under the names of
Black Forest Labs, all behind prefixes. "transformer-fp8" is a plain cast, "transformer-scaled" and "t5-scaled" have
scales in ComfyUI's older and newer form. diffusers' own converters read each renamed network back and must give the
folder's tensors.
"""

import inspect
import json
import re
import sys
from pathlib import Path

import torch
from diffusers import FluxPipeline
from diffusers.loaders import single_file_utils
from safetensors.torch import load_file, save_file

from make_goldens import drawn

FLOAT8 = torch.float8_e4m3fn
TOP = {"x_embedder": "img_in", "context_embedder": "txt_in", "proj_out": "final_layer.linear",
       "time_text_embed.timestep_embedder.linear_1": "time_in.in_layer",
       "time_text_embed.timestep_embedder.linear_2": "time_in.out_layer",
       "time_text_embed.guidance_embedder.linear_1": "guidance_in.in_layer",
       "time_text_embed.guidance_embedder.linear_2": "guidance_in.out_layer",
       "time_text_embed.text_embedder.linear_1": "vector_in.in_layer",
       "time_text_embed.text_embedder.linear_2": "vector_in.out_layer"}


def bfl_transformer(weights, doubles, singles):
    """The names and the fused tensors of Black Forest Labs' model.py."""
    out = {}
    for end in ("weight", "bias"):
        for ours, theirs in TOP.items():
            out[f"{theirs}.{end}"] = weights[f"{ours}.{end}"]
        scale, shift = weights[f"norm_out.linear.{end}"].chunk(2)
        out[f"final_layer.adaLN_modulation.1.{end}"] = torch.cat([shift, scale])
        for i in range(doubles):
            old, new = f"transformer_blocks.{i}.", f"double_blocks.{i}."
            for stream, norm, parts, to_out, ff in (
                    ("img", "norm1", ("to_q", "to_k", "to_v"), "to_out.0", "ff"),
                    ("txt", "norm1_context", ("add_q_proj", "add_k_proj", "add_v_proj"), "to_add_out", "ff_context")):
                out[f"{new}{stream}_mod.lin.{end}"] = weights[f"{old}{norm}.linear.{end}"]
                out[f"{new}{stream}_attn.qkv.{end}"] = torch.cat([weights[f"{old}attn.{p}.{end}"] for p in parts])
                out[f"{new}{stream}_attn.proj.{end}"] = weights[f"{old}attn.{to_out}.{end}"]
                out[f"{new}{stream}_mlp.0.{end}"] = weights[f"{old}{ff}.net.0.proj.{end}"]
                out[f"{new}{stream}_mlp.2.{end}"] = weights[f"{old}{ff}.net.2.{end}"]
        for i in range(singles):
            old, new = f"single_transformer_blocks.{i}.", f"single_blocks.{i}."
            parts = ("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp")
            out[f"{new}linear1.{end}"] = torch.cat([weights[f"{old}{p}.{end}"] for p in parts])
            out[f"{new}linear2.{end}"] = weights[f"{old}proj_out.{end}"]
            out[f"{new}modulation.lin.{end}"] = weights[f"{old}norm.linear.{end}"]
    for i in range(doubles):
        for stream, added in (("img", ""), ("txt", "added_")):
            for which, letter in (("query", "q"), ("key", "k")):
                out[f"double_blocks.{i}.{stream}_attn.norm.{which}_norm.scale"] = (
                    weights[f"transformer_blocks.{i}.attn.norm_{added}{letter}.weight"])
    for i in range(singles):
        for which, letter in (("query", "q"), ("key", "k")):
            out[f"single_blocks.{i}.norm.{which}_norm.scale"] = (
                weights[f"single_transformer_blocks.{i}.attn.norm_{letter}.weight"])
    return out


def bfl_autoencoder(weights, levels):
    """The names of Black Forest Labs' autoencoder.py. Its attention consists of 1 x 1 convolutions."""
    out = {}
    for name, value in weights.items():
        key = re.sub(r"down_blocks\.(\d)", r"down.\1", name)
        key = re.sub(r"up_blocks\.(\d)", lambda found: f"up.{levels - 1 - int(found[1])}", key)
        key = key.replace("mid_block.resnets.0", "mid.block_1").replace("mid_block.resnets.1", "mid.block_2")
        key = key.replace("mid_block.attentions.0", "mid.attn_1").replace("resnets", "block")
        for ours, theirs in (("samplers.0.conv", "sample.conv"), ("conv_shortcut", "nin_shortcut"),
                             ("conv_norm_out", "norm_out"), ("attn_1.group_norm", "attn_1.norm"),
                             ("to_out.0", "proj_out"), ("attn_1.to_", "attn_1.")):
            key = key.replace(ours, theirs)
        out[key] = value[:, :, None, None] if "attn_1" in key and value.dim() == 2 else value
    return out


def check_by_diffusers(bfl, weights, config, vae, vae_weights, vae_config):
    width = config["num_attention_heads"] * config["attention_head_dim"]
    source = inspect.getsource(single_file_utils.convert_flux_transformer_checkpoint_to_diffusers)
    source = source.replace("3072", str(width))
    namespace = dict(vars(single_file_utils))
    exec(source, namespace)
    back = namespace["convert_flux_transformer_checkpoint_to_diffusers"](dict(bfl))
    assert back.keys() == weights.keys() and all(torch.equal(back[k], weights[k]) for k in weights)
    back = single_file_utils.convert_ldm_vae_checkpoint(dict(vae), vae_config)
    assert back.keys() == vae_weights.keys() and all(torch.equal(back[k], vae_weights[k]) for k in vae_weights)


def matrix(name, value):
    return name.endswith(".weight") and value.dim() == 2


def plain(weights):
    """A cast of all tensors, as in flux1-dev-fp8.safetensors."""
    return {name: value.to(FLOAT8) for name, value in weights.items()}


def scaled(weights, scale_name):
    """Float8 matrices with one scale each; other tensors in bfloat16."""
    out, wide = {}, {}
    for name, value in weights.items():
        if not matrix(name, value) or "shared" in name or "relative" in name:
            out[name] = wide[name] = value.to(torch.bfloat16)
            continue
        scale = (value.abs().max() / 448).to(torch.float32)
        out[name] = (value / scale).to(FLOAT8)
        layer = name.removesuffix(".weight")
        out[f"{layer}.{scale_name}"] = scale
        if scale_name == "weight_scale":
            quant = json.dumps({"format": "float8_e4m3fn"}).encode()
            out[f"{layer}.comfy_quant"] = torch.tensor(list(quant), dtype=torch.uint8)
        wide[name] = out[name].to(torch.float32) * scale
    return out, wide


def unfused(bfl, names, width):
    """diffusers' tensors from BFL's, by its own converter."""
    source = inspect.getsource(single_file_utils.convert_flux_transformer_checkpoint_to_diffusers)
    namespace = dict(vars(single_file_utils))
    exec(source.replace("3072", str(width)), namespace)
    back = namespace["convert_flux_transformer_checkpoint_to_diffusers"]({k: v.to(torch.float32) for k, v in bfl.items()})
    assert back.keys() == set(names)
    return back


def prefixed(prefix, weights):
    return {prefix + name: value.contiguous().clone() for name, value in weights.items()}


def main(root):
    folder, out = root / "dev" / "model", root / "files"
    out.mkdir(exist_ok=True)
    part = {name: load_file(next((folder / name).glob("*.safetensors")))
            for name in ("transformer", "vae", "text_encoder", "text_encoder_2")}
    config = {name: json.loads((folder / name / "config.json").read_text()) for name in ("transformer", "vae")}
    width = config["transformer"]["num_attention_heads"] * config["transformer"]["attention_head_dim"]
    bfl = bfl_transformer(part["transformer"], config["transformer"]["num_layers"],
                          config["transformer"]["num_single_layers"])
    vae = bfl_autoencoder(part["vae"], len(config["vae"]["block_out_channels"]))
    check_by_diffusers(bfl, part["transformer"], config["transformer"], vae, part["vae"], config["vae"])
    clip = {name if name.startswith("text_model.") else "text_model." + name: value
            for name, value in part["text_encoder"].items()}
    save_file(prefixed("model.diffusion_model.", bfl) | prefixed("vae.", vae)
              | prefixed("text_encoders.clip_l.transformer.", clip)
              | prefixed("text_encoders.t5xxl.transformer.", part["text_encoder_2"]), out / "all-in-one.safetensors")

    pipeline = FluxPipeline.from_pretrained(folder, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    latents = load_file(root / "dev" / "expected.safetensors")["latents"]
    expected = {}
    cast = plain(bfl)
    save_file(cast, out / "transformer-fp8.safetensors")
    pipeline.transformer.load_state_dict(unfused(cast, part["transformer"], width))
    expected |= drawn(pipeline, latents, "fp8")

    marker = {"scaled_fp8": torch.empty(0, dtype=FLOAT8)}
    for scale_name in ("scale_weight", "weight_scale"):
        stored, wide = scaled(bfl, scale_name)
        save_file({k: v.contiguous() for k, v in stored.items()} | (marker if scale_name == "scale_weight" else {}),
                  out / f"transformer-{scale_name}.safetensors")
        pipeline.transformer.load_state_dict(unfused(wide, part["transformer"], width))
    stored, wide = scaled(part["text_encoder_2"], "scale_weight")
    save_file({k: v.contiguous() for k, v in stored.items()} | marker, out / "t5-scale_weight.safetensors")
    pipeline.text_encoder_2.load_state_dict({k: v.to(torch.float32) for k, v in wide.items()}, strict=False)
    expected |= drawn(pipeline, latents, "scaled")
    save_file({k: v.to(torch.float32).contiguous() for k, v in expected.items()}, out / "expected.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

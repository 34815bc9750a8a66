"""Makes the golden fixtures of FLUX.1's variants: schnell, Krea, Fill, and references that are kept clean.

    pip install -r requirements.txt && python make_variant_goldens.py ../resources/goldens

Reads the "dev" folder that make_goldens.py wrote. Each variant is that folder with few changes, so the fixtures hold only
what differs: Fill's x_embedder of 384 inputs, and a LoRA for it. schnell is the folder without guidance embedding and
shift, with 256 text tokens. Fill is drawn by FluxFillPipeline. As in make_reference_goldens.py, the posterior gives its
mode and noise is the one given. References that are kept clean, and masked SDEdit with Fill, are diffusers' pipelines
whose callback puts the reference back after each step. All is computed in float32.
"""

import math
import sys
from pathlib import Path

import numpy
import torch
from diffusers import FlowMatchEulerDiscreteScheduler, FluxFillPipeline, FluxPipeline, FluxTransformer2DModel
from diffusers.pipelines.flux import pipeline_flux_fill
from PIL import Image
from safetensors.torch import save_file

from make_goldens import GUIDANCE, PROMPTS, T5_LENGTH
from make_reference_goldens import bytes_of, picture, repeatable

STEPS = 3
# rows, columns, width and height of a panel, kept panels
COLUMN = (3, 1, 64, 32, (2,))
SQUARE = (2, 2, 48, 32, (1, 4))


def sheet_size(layout):
    rows, columns, width, height, _ = layout
    return columns * width, rows * height


def to_paint(layout):
    """White where the sheet is to be painted."""
    rows, columns, width, height, kept = layout
    mask = numpy.full((rows * height, columns * width), 255, numpy.uint8)
    for panel in kept:
        top, left = (panel - 1) // columns * height, (panel - 1) % columns * width
        mask[top:top + height, left:left + width] = 0
    return mask


def noise_of(layout, seed):
    width, height = sheet_size(layout)
    return torch.randn(1, 16, height // 8, width // 8, generator=torch.Generator().manual_seed(seed))


def packed(cells):
    return FluxPipeline._pack_latents(cells, 1, *cells.shape[1:])


def common(layout, guidance=GUIDANCE, length=T5_LENGTH):
    width, height = sheet_size(layout)
    return dict(prompt=PROMPTS[0], width=width, height=height, num_inference_steps=STEPS, guidance_scale=guidance,
                max_sequence_length=length)


def drawn(pipeline, name, settings):
    start = settings.pop("latents", None)
    given = lambda: {} if start is None else {"latents": start.clone()}
    final = pipeline(**settings, **given(), output_type="latent").images
    pixels = pipeline(**settings, **given(), output_type="np").images[0]
    return {f"{name}.latents": final, f"{name}.pixels": torch.from_numpy((pixels * 255).round()).half()}


def fill_pipeline(parts, embedder):
    config = dict(parts["transformer"].config)
    transformer = FluxTransformer2DModel.from_config(config | {"in_channels": 384, "out_channels": 64}).eval()
    weights = dict(parts["transformer"].state_dict()) | {"x_embedder.weight": embedder}
    transformer.load_state_dict(weights)
    pipeline = FluxFillPipeline(**(parts | {"transformer": transformer}))
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def clean_latents(pipeline, sheet):
    pixels = pipeline.image_processor.preprocess(sheet).float()
    mean = pipeline.vae.encode(pixels).latent_dist.mode()
    return packed((mean - pipeline.vae.config.shift_factor) * pipeline.vae.config.scaling_factor)


def kept_tokens(layout):
    return torch.from_numpy(to_paint(layout)[::16, ::16].reshape(1, -1, 1) == 0)


def restoring(clean, noise, kept, sdedit):
    """A callback that puts the reference back, at the next step's noise level or without noise."""

    def callback(pipeline, step, timestep, tensors):
        sigma = float(pipeline.scheduler.sigmas[step + 1]) if sdedit else 0.0
        return {"latents": torch.where(kept, sigma * noise + (1 - sigma) * clean, tensors["latents"])}

    return callback


def embedder_adapter():
    generator = torch.Generator().manual_seed(21)
    tensors = {}
    for name, inputs, outputs in (("x_embedder", 384, 32), ("proj_out", 32, 64), ("transformer_blocks.0.attn.to_q", 32, 32)):
        tensors[f"transformer.{name}.lora_A.weight"] = torch.randn(4, inputs, generator=generator) / math.sqrt(inputs)
        tensors[f"transformer.{name}.lora_B.weight"] = torch.randn(outputs, 4, generator=generator) / 2
    return tensors


@torch.no_grad()
def fill(dev, out, root):
    embedder = torch.randn(32, 384, generator=torch.Generator().manual_seed(20)) / math.sqrt(384)
    embedder = embedder.half().float()
    save_file({"x_embedder.weight": embedder}, out / "fill-embedder.safetensors")
    save_file(embedder_adapter(), out / "fill-adapter.safetensors")
    pipeline = fill_pipeline({name: part for name, part in dev.components.items() if part is not None}, embedder)
    expected = {}
    for name, layout, seed in (("column", COLUMN, 22), ("square", SQUARE, 23)):
        width, height = sheet_size(layout)
        noise = noise_of(layout, seed)
        repeatable(pipeline_flux_fill, noise)
        sheet = picture(width, height, seed)
        expected |= {f"{name}.sheet": bytes_of(sheet), f"{name}.noise": packed(noise)}
        masked = common(layout, 30.0) | dict(image=sheet, mask_image=Image.fromarray(to_paint(layout)))
        expected |= drawn(pipeline, f"{name}.condition.1.0", dict(masked))
        expected |= drawn(pipeline, f"{name}.condition.0.6", dict(masked, strength=0.6))
        whole = common(layout, 30.0) | dict(image=sheet, mask_image=Image.new("L", (width, height), 255))
        expected |= drawn(pipeline, f"{name}.text", dict(whole))
        kept, clean = kept_tokens(layout), clean_latents(pipeline, sheet)
        expected |= drawn(pipeline, f"{name}.sdedit", dict(
            whole, latents=packed(noise), callback_on_step_end=restoring(clean, packed(noise), kept, True)))
        for adapter, folder in (("fill-adapter", out), ("alpha", root / "dev" / "adapters")):
            pipeline.load_lora_weights(folder, weight_name=adapter + ".safetensors", adapter_name="lora")
            expected |= drawn(pipeline, f"{name}.{adapter}", dict(masked))
            pipeline.unload_lora_weights(reset_to_overwritten_params=True)
    return expected


@torch.no_grad()
def kept_clean(dev):
    expected = {}
    for name, layout, seed in (("column", COLUMN, 22), ("square", SQUARE, 23)):
        noise, sheet = packed(noise_of(layout, seed)), picture(*sheet_size(layout), seed)
        kept, clean = kept_tokens(layout), clean_latents(dev, sheet)
        expected |= drawn(dev, f"{name}.clean", common(layout) | dict(
            latents=torch.where(kept, clean, noise), callback_on_step_end=restoring(clean, noise, kept, False)))
    return expected


@torch.no_grad()
def published(dev):
    """Krea is dev with another guidance. schnell has neither guidance nor shift, and reads 256 tokens."""
    expected = drawn(dev, "krea", common(SQUARE, 4.5) | {"latents": packed(noise_of(SQUARE, 23))})
    config = dict(dev.transformer.config)
    transformer = FluxTransformer2DModel.from_config(config | {"guidance_embeds": False}).eval()
    weights = {k: v for k, v in dev.transformer.state_dict().items() if "guidance_embedder" not in k}
    transformer.load_state_dict(weights)
    parts = {name: part for name, part in dev.components.items() if part is not None}
    scheduler = FlowMatchEulerDiscreteScheduler(shift=1.0, use_dynamic_shifting=False)
    schnell = FluxPipeline(**(parts | {"transformer": transformer, "scheduler": scheduler}))
    schnell.set_progress_bar_config(disable=True)
    schnell.tokenizer_2.model_max_length = 512
    settings = common(SQUARE, 0.0, 256) | {"num_inference_steps": 4, "latents": packed(noise_of(SQUARE, 23))}
    return expected | drawn(schnell, "schnell", settings)


def main(root):
    out = root / "variants"
    out.mkdir(exist_ok=True)
    dev = FluxPipeline.from_pretrained(root / "dev" / "model", torch_dtype=torch.float32)
    dev.set_progress_bar_config(disable=True)
    expected = kept_clean(dev) | fill(dev, out, root) | published(dev)
    save_file({name: value.contiguous() for name, value in expected.items()}, out / "expected.safetensors")


if __name__ == "__main__":
    torch.use_deterministic_algorithms(True)
    main(Path(sys.argv[1]))

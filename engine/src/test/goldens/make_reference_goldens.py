"""Makes the golden fixtures of references: masked and image-to-image runs by diffusers, and pictures fitted by Pillow.

    pip install -r requirements.txt && python make_reference_goldens.py ../resources/goldens

Reads the model folders that make_goldens.py wrote. Two functions of diffusers are replaced to make runs repeatable: the
autoencoder's posterior gives its mode instead of a draw (retrieve_latents), and noise is the one given (randn_tensor).
All is computed in float32.
"""

import sys
from pathlib import Path

import numpy
import torch
from diffusers import FluxImg2ImgPipeline, FluxInpaintPipeline
from diffusers.pipelines.flux import pipeline_flux_img2img, pipeline_flux_inpaint
from PIL import Image, ImageOps
from safetensors.torch import save_file

from make_goldens import GUIDANCE, HEIGHT, PROMPTS, STEPS, T5_LENGTH, WIDTH

KEPT_ROWS = slice(32, 64)  # the middle one of three panels below each other


def picture(width, height, seed):
    """Waves of all frequencies: flat areas would hide errors of filters and encoders."""
    random = numpy.random.default_rng(seed)
    y, x = numpy.mgrid[0:height, 0:width] / 16.0
    phases = random.uniform(0, 6.28, (3, 4))
    waves = [sum(numpy.sin(k * (x + channel) + k * y / 2 + phases[channel, k - 1]) for k in range(1, 5)) for channel in range(3)]
    noisy = 128 + 30 * numpy.stack(waves, -1) + random.normal(0, 12, (height, width, 3))
    return Image.fromarray(noisy.clip(0, 255).round().astype(numpy.uint8))


def bytes_of(image):
    return torch.from_numpy(numpy.asarray(image).copy()).half()  # 0 to 255 are exact in half precision


def repeatable(module, noise):
    module.retrieve_latents = lambda encoded, generator=None, sample_mode="sample": encoded.latent_dist.mode()
    module.randn_tensor = lambda shape, generator=None, device=None, dtype=None: noise.clone()


def drawn(pipeline, name, settings):
    settings = dict(settings, prompt=PROMPTS[0], width=WIDTH, height=HEIGHT, num_inference_steps=STEPS,
                    guidance_scale=GUIDANCE, max_sequence_length=T5_LENGTH)
    final = pipeline(**settings, output_type="latent").images
    pixels = pipeline(**settings, output_type="np").images[0]
    return {f"{name}.latents": final, f"{name}.pixels": torch.from_numpy((pixels * 255).round()).half()}


@torch.no_grad()
def expectations(folder):
    inpaint = FluxInpaintPipeline.from_pretrained(folder, torch_dtype=torch.float32)
    inpaint.set_progress_bar_config(disable=True)
    img2img = FluxImg2ImgPipeline(**inpaint.components)
    img2img.set_progress_bar_config(disable=True)
    channels = inpaint.transformer.config.in_channels // 4
    noise = torch.randn(1, channels, HEIGHT // 8, WIDTH // 8, generator=torch.Generator().manual_seed(9))
    repeatable(pipeline_flux_inpaint, noise)
    repeatable(pipeline_flux_img2img, noise)
    sheet = picture(WIDTH, HEIGHT, 10)
    repaint = numpy.full((HEIGHT, WIDTH), 255, numpy.uint8)
    repaint[KEPT_ROWS] = 0
    out = {"sheet": bytes_of(sheet), "noise": inpaint._pack_latents(noise, 1, channels, HEIGHT // 8, WIDTH // 8)}
    for strength in (1.0, 0.6):
        masked = dict(image=sheet, mask_image=Image.fromarray(repaint), strength=strength)
        out.update(drawn(inpaint, f"masked.{strength}", masked))
        out.update(drawn(img2img, f"image.{strength}", dict(image=sheet, strength=strength)))
    return {name: value.contiguous() for name, value in out.items()}


def fitted():
    """Sizes for which Pillow scales rows before columns; where columns first is cheaper it rounds in another order."""
    out = {}
    for width, height in ((130, 66), (200, 90), (64, 80), (64, 20)):
        image = picture(width, height, width)
        out[f"{width}x{height}"] = bytes_of(image)
        out[f"{width}x{height}.fitted"] = bytes_of(ImageOps.fit(image, (64, 32), Image.Resampling.LANCZOS))
    return out


def main(root):
    out = root / "references"
    out.mkdir(exist_ok=True)
    for name in ("dev", "schnell"):
        save_file(expectations(root / name / "model"), out / f"{name}.safetensors")
    save_file(fitted(), out / "fitted.safetensors")


if __name__ == "__main__":
    torch.use_deterministic_algorithms(True)
    main(Path(sys.argv[1]))

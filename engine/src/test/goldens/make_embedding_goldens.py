"""Makes the golden fixtures of the transformer's fixed embeddings: timestep (and guidance) and positions.

    pip install -r requirements.txt && python make_embedding_goldens.py ../resources/goldens

Reads the configurations in the model folders that make_goldens.py wrote. All is computed in float32.
"""

import json
import sys
from pathlib import Path

import torch
from diffusers.models.embeddings import get_timestep_embedding
from diffusers.models.transformers.transformer_flux import FluxPosEmbed
from diffusers.pipelines.flux.pipeline_flux import FluxPipeline
from safetensors.torch import save_file

from make_goldens import HEIGHT, T5_LENGTH, WIDTH

VALUES = (1.0, 0.7, 0.0123, 3.5)  # sigmas, and a guidance scale


def positions(axes):
    image = FluxPipeline._prepare_latent_image_ids(1, HEIGHT // 16, WIDTH // 16, "cpu", torch.float32)
    cosine, sine = FluxPosEmbed(theta=10000, axes_dim=axes)(torch.cat([torch.zeros(T5_LENGTH, 3), image]))
    return torch.stack([cosine[:, ::2], sine[:, ::2]])  # diffusers repeats each value for its pair


def main(out):
    (out / "embeddings").mkdir(exist_ok=True)
    for name in ("dev", "schnell"):
        config = json.loads((out / name / "model/transformer/config.json").read_text())
        expected = {f"timestep.{value}": get_timestep_embedding(torch.tensor([1000.0 * value]), 256, flip_sin_to_cos=True,
                                                                downscale_freq_shift=0) for value in VALUES}
        expected["positions"] = positions(config["axes_dims_rope"]).contiguous()
        save_file(expected, out / "embeddings" / f"{name}.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

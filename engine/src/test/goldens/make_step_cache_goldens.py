"""Makes the golden fixtures of step caches: diffusers' first-block cache, and TeaCache around diffusers' blocks.

    pip install -r requirements.txt && python make_step_cache_goldens.py ../resources/goldens

Reads the model folders and latents that make_goldens.py wrote. diffusers has no TeaCache, so the rule of its paper
(arXiv 2411.19108) and the polynomial that its authors published for FLUX.1-dev are put around diffusers' blocks here.
All is computed in float32. Thresholds suit random weights, whose steps are far apart; none is near a distance, so
rounding decides nothing.
"""

import sys
from pathlib import Path

import numpy
import torch
from diffusers import FirstBlockCacheConfig, FluxPipeline
from diffusers.hooks import first_block_cache
from safetensors.torch import load_file, save_file

from make_goldens import GUIDANCE, HEIGHT, PROMPTS, T5_LENGTH, WIDTH

STEPS = 8
POLYNOMIAL = numpy.poly1d([4.98651651e+02, -2.83781631e+02, 5.58554382e+01, -3.82021401e+00, 2.64230861e-01])


def drawn(pipeline, latents):
    return pipeline(prompt=PROMPTS[0], width=WIDTH, height=HEIGHT, num_inference_steps=STEPS, guidance_scale=GUIDANCE,
                    latents=latents.clone(), max_sequence_length=T5_LENGTH, output_type="latent").images


def relative(now, before):
    return ((now - before).abs().mean() / before.abs().mean()).item()


class FirstBlock:
    """diffusers' own; only its decisions are listened to."""

    def __init__(self, transformer, threshold):
        self.values, self.reused, self.transformer = [], 0, transformer
        judged = first_block_cache.FBCHeadBlockHook._should_compute_remaining_blocks

        def listening(hook, residual):
            state = hook.state_manager.get_state()
            if state.head_block_residual is not None:
                self.values.append(relative(residual, state.head_block_residual))
            compute = judged(hook, residual)
            self.reused += not compute
            return compute

        self.restore = lambda: setattr(first_block_cache.FBCHeadBlockHook, "_should_compute_remaining_blocks", judged)
        first_block_cache.FBCHeadBlockHook._should_compute_remaining_blocks = listening
        transformer.enable_cache(FirstBlockCacheConfig(threshold=threshold))

    def remove(self):
        self.transformer.disable_cache()
        self.restore()


class TeaCache:
    """Every block looks first whether this step reuses; then the last one adds what all added in the last computed step."""

    def __init__(self, transformer, threshold):
        self.values, self.reused, self.step, self.sum, self.threshold = [], 0, 0, 0.0, threshold
        self.blocks = [*transformer.transformer_blocks, *transformer.single_transformer_blocks]
        self.forwards = [block.forward for block in self.blocks]
        for index, block in enumerate(self.blocks):
            block.forward = self.forward(index)

    def forward(self, index):
        def block(hidden_states, encoder_hidden_states, temb, **rest):
            if index == 0:
                self.begin(hidden_states, temb)
            if self.compute:
                encoder_hidden_states, hidden_states = self.forwards[index](
                    hidden_states=hidden_states, encoder_hidden_states=encoder_hidden_states, temb=temb, **rest)
            if index == len(self.blocks) - 1:
                if self.compute:
                    self.residual = hidden_states - self.begun
                else:
                    hidden_states = hidden_states + self.residual
            return encoder_hidden_states, hidden_states
        return block

    def begin(self, hidden_states, temb):
        read = self.blocks[0].norm1(hidden_states, emb=temb)[0]
        self.compute = self.step in (0, STEPS - 1)
        if self.step > 0:
            self.sum += float(POLYNOMIAL(relative(read, self.before)))
            if not self.compute:
                self.values.append(self.sum)
            self.compute = self.compute or self.sum >= self.threshold
        if self.compute:
            self.sum = 0.0
        self.reused += not self.compute
        self.step, self.before, self.begun = self.step + 1, read, hidden_states

    def remove(self):
        for block, forward in zip(self.blocks, self.forwards):
            block.forward = forward


@torch.no_grad()
def expectations(folder, thresholds):
    pipeline = FluxPipeline.from_pretrained(folder / "model", torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    latents = load_file(folder / "expected.safetensors")["latents"]
    out = {}
    for method, kind in (("first-block", FirstBlock), ("teacache", TeaCache)):
        threshold = thresholds[method]
        cache = kind(pipeline.transformer, threshold)
        final = drawn(pipeline, latents)
        cache.remove()
        nearest = min(abs(value - threshold) for value in cache.values)
        print(folder.name, method, threshold, "reused", cache.reused, [round(value, 4) for value in cache.values])
        assert 2 <= cache.reused <= STEPS - 3 and nearest > 1e-3, "choose another threshold"
        out[f"{method}.latents"] = final.contiguous()
        out[f"{method}.threshold"] = torch.tensor([threshold])
        out[f"{method}.reused"] = torch.tensor([float(cache.reused)])
    return out


def main(root):
    out = root / "stepcache"
    out.mkdir(exist_ok=True)
    for name, thresholds in (("dev", {"first-block": 0.85, "teacache": 1.0}), ("schnell", {"first-block": 0.7, "teacache": 1.0})):
        save_file(expectations(root / name, thresholds), out / f"{name}.safetensors")


if __name__ == "__main__":
    torch.use_deterministic_algorithms(True)
    main(Path(sys.argv[1]))

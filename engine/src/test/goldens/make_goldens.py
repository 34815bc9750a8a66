"""Makes the golden fixtures: two tiny random FLUX folders and what Hugging Face's libraries make of them.

    pip install -r requirements.txt && python make_goldens.py ../resources/goldens

"dev" is a folder as today's libraries save it: guided, float32, gated T5, dynamic shift. "schnell" holds the older and
rarer variants: no guidance, bfloat16 shards with an index, half precision encoders, CLIP's prefix, legacy end token and
vocab.json with merges.txt, ungated T5, quant convolutions, no attention in the autoencoder, static shift.
All expectations are computed in float32.
"""

import json
import math
import shutil
import sys
from pathlib import Path

import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel
from peft import LoraConfig
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer, T5Config, T5EncoderModel, T5Tokenizer

PROMPTS = [
    "[MOVIE-SHOTS] In a vibrant festival, [SCENE-1] we find <Leo>, a shy boy; [SCENE-2] he tries a game, [SCENE-3] he wins.",
    "",
    "It's a Café — naïve 'quotes', 1234 tokens…  and\ttabs\n日本語 🎈",
    "word " * 100,
]
WIDTH, HEIGHT, STEPS, SIGMA, GUIDANCE = 64, 96, 4, 0.7, 3.5
T5_LENGTH = 48


def randomise(module, seed):
    """Unit-scale random weights: with the libraries' own initial weights many paths would hardly matter."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(module.named_parameters()):
        noise = torch.randn(parameter.shape, generator=generator)
        if parameter.dim() > 1 and not ("embedding" in name or "shared" in name):
            noise = noise / math.sqrt(parameter[0].numel())
        elif parameter.dim() == 1:
            noise = 0.1 * noise + (1.0 if name.endswith("weight") else 0.0)
        parameter.data.copy_(noise)
    return module.eval()


def clip_tokenizer():
    trained = Tokenizer(models.BPE(unk_token="<|endoftext|>", end_of_word_suffix="</w>"))
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=600, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False, min_frequency=2
    )
    trained.train_from_iterator([prompt.lower() for prompt in PROMPTS] * 3, trainer)
    state = json.loads(trained.to_str())["model"]
    vocabulary = dict(state["vocab"])
    for letter in sorted(alphabet):
        for piece in (letter, letter + "</w>"):
            vocabulary.setdefault(piece, len(vocabulary))
    for special in ("<|startoftext|>", "<|endoftext|>"):
        vocabulary[special] = len(vocabulary)
    merges = [tuple(merge) for merge in state["merges"]]
    return CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=77), vocabulary, merges


def t5_tokenizer():
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    words = sorted({word for prompt in PROMPTS for word in prompt.split()})
    letters = sorted({letter for word in words for letter in word if ord(letter) < 256})
    pieces += [(letter, -6.0) for letter in letters] + [("▁" + word, -3.0) for word in words if word.isalpha()]
    return T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=T5_LENGTH)


def clip(vocabulary, legacy):
    config = CLIPTextConfig(
        vocab_size=len(vocabulary), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=77, hidden_act="gelu" if legacy else "quick_gelu", projection_dim=32,
        bos_token_id=len(vocabulary) - 2, eos_token_id=2 if legacy else len(vocabulary) - 1, pad_token_id=1,
    )
    return randomise(CLIPTextModel(config), 1)


def t5(tokenizer, legacy):
    config = T5Config(
        vocab_size=len(tokenizer), d_model=32, d_kv=12, d_ff=48, num_layers=2, num_heads=3,
        feed_forward_proj="relu" if legacy else "gated-gelu", relative_attention_num_buckets=16,
        relative_attention_max_distance=24, is_encoder_decoder=False, use_cache=False,
    )
    return randomise(T5EncoderModel(config), 2)


def transformer(legacy):
    heads, width, axes = (3, 12, (2, 4, 6)) if legacy else (2, 16, (4, 6, 6))
    return randomise(
        FluxTransformer2DModel(
            in_channels=64 if not legacy else 32, num_layers=2, num_single_layers=2, attention_head_dim=width,
            num_attention_heads=heads, joint_attention_dim=32, pooled_projection_dim=32, guidance_embeds=not legacy,
            axes_dims_rope=axes,
        ), 3)


def autoencoder(legacy):
    return randomise(
        AutoencoderKL(
            down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
            block_out_channels=(8, 8, 16, 16), layers_per_block=1 if legacy else 2, latent_channels=8 if legacy else 16,
            norm_num_groups=4, sample_size=64, scaling_factor=0.3611, shift_factor=0.0 if legacy else 0.1159,
            use_quant_conv=legacy, use_post_quant_conv=legacy, mid_block_add_attention=not legacy,
        ), 4)


def scheduler(legacy):
    if legacy:
        return FlowMatchEulerDiscreteScheduler(shift=1.7)
    return FlowMatchEulerDiscreteScheduler(
        shift=3.0, use_dynamic_shifting=True, base_shift=0.5, max_shift=1.15, base_image_seq_len=256,
        max_image_seq_len=4096)


def save_folder(folder, legacy):
    tokenizer, vocabulary, merges = clip_tokenizer()
    tokenizer_2 = t5_tokenizer()
    pipeline = FluxPipeline(
        scheduler=scheduler(legacy), vae=autoencoder(legacy), text_encoder=clip(vocabulary, legacy), tokenizer=tokenizer,
        text_encoder_2=t5(tokenizer_2, legacy), tokenizer_2=tokenizer_2, transformer=transformer(legacy))
    if legacy:
        pipeline.text_encoder.half(), pipeline.text_encoder_2.half(), pipeline.transformer.bfloat16()
    pipeline.save_pretrained(folder)
    if legacy:
        pipeline.transformer.save_pretrained(folder / "transformer", max_shard_size="150KB")
        (folder / "transformer/diffusion_pytorch_model.safetensors").unlink()
        save_old_clip(folder, vocabulary, merges)


def save_old_clip(folder, vocabulary, merges):
    weights = load_file(folder / "text_encoder/model.safetensors")
    prefixed = {"text_model." + name.removeprefix("text_model."): value for name, value in weights.items()}
    prefixed["text_model.embeddings.position_ids"] = torch.arange(77)[None]
    save_file(prefixed, folder / "text_encoder/model.safetensors", {"format": "pt"})
    (folder / "tokenizer/tokenizer.json").unlink()
    (folder / "tokenizer/vocab.json").write_text(json.dumps(vocabulary))
    lines = ["#version: 0.2"] + [" ".join(merge) for merge in merges]
    (folder / "tokenizer/merges.txt").write_text("\n".join(lines) + "\n")


def save_adapters(folder, pipeline):
    """Three files: without alpha, with alpha keys and mixed ranks, and as diffusers saves one with its settings."""
    modules = {name: module for name, module in pipeline.transformer.named_modules() if isinstance(module, torch.nn.Linear)}
    inner = {name: module for name, module in modules.items() if "transformer_blocks" in name}
    save_file(pairs(inner, lambda index: 4, 5), folder / "plain.safetensors")
    mixed = pairs(modules, lambda index: 2 + index % 3, 6)
    for name in modules:
        mixed[f"transformer.{name}.alpha"] = torch.tensor(3.0)
    save_file(mixed, folder / "alpha.safetensors")
    settings = LoraConfig(
        r=4, lora_alpha=6, target_modules=["to_q", "proj_mlp"], alpha_pattern={"transformer_blocks.0.attn.to_q": 2},
        init_lora_weights=False)
    pipeline.transformer.add_adapter(settings, "settings")
    randomise_adapter(pipeline.transformer)
    from peft.utils import get_peft_model_state_dict

    FluxPipeline.save_lora_weights(
        folder, transformer_lora_layers=get_peft_model_state_dict(pipeline.transformer, adapter_name="settings"),
        transformer_lora_adapter_metadata=settings.to_dict(), weight_name="settings.safetensors")
    pipeline.transformer.delete_adapters("settings")


def randomise_adapter(module):
    generator = torch.Generator().manual_seed(7)
    for name, parameter in module.named_parameters():
        if "lora_" in name:
            parameter.data.copy_(0.3 * torch.randn(parameter.shape, generator=generator))


def pairs(modules, rank_of, seed):
    generator = torch.Generator().manual_seed(seed)
    tensors = {}
    for index, (name, module) in enumerate(modules.items()):
        rank = rank_of(index)
        down = torch.randn(rank, module.in_features, generator=generator) / math.sqrt(module.in_features)
        up = 0.5 * torch.randn(module.out_features, rank, generator=generator) / math.sqrt(rank)
        tensors[f"transformer.{name}.lora_A.weight"] = down.half()
        tensors[f"transformer.{name}.lora_B.weight"] = up.half()
    return tensors


@torch.no_grad()
def velocity(pipeline, latents, states, pooled):
    ids = FluxPipeline._prepare_latent_image_ids(1, HEIGHT // 16, WIDTH // 16, "cpu", torch.float32)
    guidance = torch.tensor([GUIDANCE]) if pipeline.transformer.config.guidance_embeds else None
    return pipeline.transformer(
        latents, states, pooled, torch.tensor([SIGMA]), ids, torch.zeros(states.shape[1], 3), guidance, return_dict=False)[0]


@torch.no_grad()
def expectations(folder, adapters):
    pipeline = FluxPipeline.from_pretrained(folder, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    channels = pipeline.transformer.config.in_channels
    noise = torch.randn(1, channels // 4, HEIGHT // 8, WIDTH // 8, generator=torch.Generator().manual_seed(8))
    latents = FluxPipeline._pack_latents(noise, 1, channels // 4, HEIGHT // 8, WIDTH // 8)
    out = {"latents": latents}
    for index, prompt in enumerate(PROMPTS):
        out.update(encoded(pipeline, prompt, index))
    states, pooled = out["states.0"], out["pooled.0"]
    out["velocity"] = velocity(pipeline, latents, states, pooled)
    out.update(autoencoded(pipeline, latents))
    out.update(drawn(pipeline, latents, "base"))
    for name in ("plain", "alpha", "settings"):
        pipeline.load_lora_weights(adapters, weight_name=name + ".safetensors", adapter_name=name)
        for scale in (1.0, 0.5):
            pipeline.set_adapters(name, scale)
            out[f"velocity.{name}.{scale}"] = velocity(pipeline, latents, states, pooled)
        if name == "plain":
            out.update(drawn(pipeline, latents, "plain.0.5"))
        pipeline.unload_lora_weights()
    for tokens in (24, 256, 4080, 6144, 9072):
        out[f"sigmas.{tokens}"] = sigmas(pipeline, tokens, 20)
    return {name: value.to(torch.float32).contiguous() for name, value in out.items()}


def encoded(pipeline, prompt, index):
    states, pooled, _ = pipeline.encode_prompt(prompt, None, max_sequence_length=T5_LENGTH)
    clip_ids = pipeline.tokenizer(prompt, padding="max_length", max_length=77, truncation=True).input_ids
    t5_ids = pipeline.tokenizer_2(prompt, padding="max_length", max_length=T5_LENGTH, truncation=True).input_ids
    return {f"states.{index}": states, f"pooled.{index}": pooled, f"clip_ids.{index}": torch.tensor(clip_ids),
            f"t5_ids.{index}": torch.tensor(t5_ids)}


def autoencoded(pipeline, latents):
    vae = pipeline.vae
    shift = vae.config.shift_factor
    cells = FluxPipeline._unpack_latents(latents, HEIGHT, WIDTH, pipeline.vae_scale_factor)
    picture = vae.decode(cells / vae.config.scaling_factor + shift).sample
    mean = (vae.encode(picture.clamp(-1, 1)).latent_dist.mean - shift) * vae.config.scaling_factor
    packed = FluxPipeline._pack_latents(mean, 1, mean.shape[1], mean.shape[2], mean.shape[3])
    return {"picture": picture, "encoded": packed}


def drawn(pipeline, latents, name):
    settings = dict(prompt=PROMPTS[0], width=WIDTH, height=HEIGHT, num_inference_steps=STEPS, guidance_scale=GUIDANCE,
                    latents=latents.clone(), max_sequence_length=T5_LENGTH)
    final = pipeline(**settings, output_type="latent").images
    settings["latents"] = latents.clone()
    pixels = pipeline(**settings, output_type="np").images[0]
    return {f"drawn.{name}.latents": final, f"drawn.{name}.pixels": torch.from_numpy((pixels * 255).round())}


def sigmas(pipeline, tokens, steps):
    from diffusers.pipelines.flux.pipeline_flux import calculate_shift
    import numpy as np

    config = pipeline.scheduler.config
    mu = calculate_shift(
        tokens, config.get("base_image_seq_len", 256), config.get("max_image_seq_len", 4096),
        config.get("base_shift", 0.5), config.get("max_shift", 1.15))
    pipeline.scheduler.set_timesteps(sigmas=np.linspace(1.0, 1 / steps, steps), mu=mu)
    return pipeline.scheduler.sigmas


def main(out):
    for name, legacy in (("dev", False), ("schnell", True)):
        shutil.rmtree(out / name, ignore_errors=True)
        folder = out / name / "model"
        save_folder(folder, legacy)
        adapters = out / name / "adapters"
        adapters.mkdir()
        save_adapters(adapters, FluxPipeline.from_pretrained(folder, torch_dtype=torch.float32))
        save_file(expectations(folder, adapters), out / name / "expected.safetensors")
    (out / "prompts.json").write_text(json.dumps(PROMPTS, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    torch.use_deterministic_algorithms(True)
    main(Path(sys.argv[1]))

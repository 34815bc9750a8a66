"""Makes adapters of the layouts that diffusers reads in part or not at all, and what the "dev" folder draws with them.

    pip install -r requirements.txt && python make_layout_goldens.py ../resources/goldens

Needs the fixtures of make_goldens.py. LyCORIS computes the weights of LoHa, LoKr and DoRA; PEFT those of biases, rsLoRA
and its own DoRA; diffusers' converter of whole checkpoints, run on differences, splits BFL's layers (it is linear). A
scale counts as everywhere here: base + scale * (weights at scale 1 - base), in float64.
"""

import inspect
import json
import math
import sys
from pathlib import Path

import torch
from diffusers import FluxPipeline
from diffusers.loaders import single_file_utils
from lycoris.modules.locon import LoConModule
from lycoris.modules.loha import LohaModule
from lycoris.modules.lokr import LokrModule
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file, save_file

from make_adapter_goldens import bfl_layers, block_diagonal, pairs, patched
from make_goldens import PROMPTS, encoded, randomise_adapter, velocity

SCALES = (1.0, -1.5)
NORMS = {"double_blocks.{}.img_attn.norm.query_norm": "transformer_blocks.{}.attn.norm_q",
         "double_blocks.{}.img_attn.norm.key_norm": "transformer_blocks.{}.attn.norm_k",
         "double_blocks.{}.txt_attn.norm.query_norm": "transformer_blocks.{}.attn.norm_added_q",
         "double_blocks.{}.txt_attn.norm.key_norm": "transformer_blocks.{}.attn.norm_added_k",
         "single_blocks.{}.norm.query_norm": "single_transformer_blocks.{}.attn.norm_q",
         "single_blocks.{}.norm.key_norm": "single_transformer_blocks.{}.attn.norm_k"}


class Layouts:
    def __init__(self, goldens):
        self.out = goldens / "layouts"
        self.out.mkdir(exist_ok=True)
        self.goldens = goldens
        self.inputs = load_file(goldens / "dev/expected.safetensors")
        self.pipeline = FluxPipeline.from_pretrained(goldens / "dev/model", torch_dtype=torch.float32)
        self.transformer = self.pipeline.transformer
        self.base = {name: value.clone().double() for name, value in self.transformer.state_dict().items()}
        self.expected = {}
        self.changed = {}
        self.generator = torch.Generator().manual_seed(21)

    def random(self, *shape, size=1.0):
        return size * torch.randn(shape, generator=self.generator)

    def velocity(self):
        return velocity(self.pipeline, self.inputs["latents"], self.inputs["states.0"], self.inputs["pooled.0"]).contiguous()

    def with_weights(self, weights):
        self.transformer.load_state_dict({name: value.float() for name, value in weights.items()})
        found = self.velocity()
        self.transformer.load_state_dict({name: value.float() for name, value in self.base.items()})
        return found

    def mixed(self, parts):
        """Base weights plus scale times each change."""
        weights = dict(self.base)
        for name, scale in parts.items():
            for key, value in self.changed[name].items():
                weights[key] = weights[key] + scale * (value - self.base[key])
        return weights

    def save(self, name, tensors, changed, metadata=None, scales=SCALES):
        """changed: names to whole weights at scale 1."""
        save_file({key: value.contiguous() for key, value in tensors.items()}, self.out / f"{name}.safetensors", metadata)
        assert set(changed) <= set(self.base), set(changed) - set(self.base)
        self.changed[name] = changed
        for scale in scales:
            self.expected[f"velocity.{name}.{scale}"] = self.with_weights(self.mixed({name: scale}))

    def split(self, differences):
        """BFL's names of weights and biases to diffusers' names, by diffusers' converter of checkpoints."""
        config = self.transformer.config
        width = config.num_attention_heads * config.attention_head_dim
        source = inspect.getsource(single_file_utils.convert_flux_transformer_checkpoint_to_diffusers)
        source = source.replace("inner_dim = 3072", f"inner_dim = {width}")
        namespace = dict(vars(single_file_utils))
        exec(source, namespace)
        whole = {}
        for name, (inputs, outputs) in bfl_layers(config).items():
            whole[name + ".weight"] = torch.zeros(outputs, inputs, dtype=torch.float64)
            whole[name + ".bias"] = torch.zeros(outputs, dtype=torch.float64)
        for bfl, ours in NORMS.items():
            for i in range(2):
                whole[bfl.format(i) + ".scale"] = torch.zeros(config.attention_head_dim, dtype=torch.float64)
        assert set(differences) <= set(whole), set(differences) - set(whole)
        whole |= differences
        return namespace["convert_flux_transformer_checkpoint_to_diffusers"](whole)

    def added(self, differences):
        return {name: self.base[name] + value for name, value in self.split(differences).items() if value.abs().max() > 0}

    # The layouts

    def lokr(self):
        """LyCORIS on BFL's names: other factors than the layers' borders, whole and decomposed, with and without use of alpha."""
        tensors, differences = {}, {}
        for index, (name, (inputs, outputs)) in enumerate(bfl_layers(self.transformer.config).items()):
            factor = (4, 8, 2, -1, 3)[index % 5]
            settings = [dict(lora_dim=2), dict(lora_dim=2, decompose_both=True), dict(lora_dim=1000), dict(lora_dim=3)][index % 4]
            module = LokrModule(name, torch.nn.Linear(inputs, outputs), alpha=3.0, factor=factor, **settings)
            self.fill(module)
            self.keep(tensors, "lora_unet_" + name.replace(".", "_"), module)
            differences[name + ".weight"] = self.difference(module)
        self.save("lokr", tensors, self.added(differences))

    def loha(self):
        """LyCORIS on diffusers' names with its own prefix."""
        tensors, changed = {}, {}
        for index, (name, linear) in enumerate(self.linears()):
            module = LohaModule(name, torch.nn.Linear(linear.in_features, linear.out_features), lora_dim=(2, 3, 6)[index % 3], alpha=6.0)
            self.fill(module)
            self.keep(tensors, "lycoris_" + name.replace(".", "_"), module)
            changed[name + ".weight"] = self.base[name + ".weight"] + self.difference(module)
        self.save("loha", tensors, changed)

    def lycoris_dora(self):
        """dora_scale beside LoRA, LoHa and LoKr: of rows, and of columns."""
        tensors, changed = {}, {}
        for index, (name, linear) in enumerate(self.linears()):
            kind = (LoConModule, LohaModule, LokrModule)[index % 3]
            original = torch.nn.Linear(linear.in_features, linear.out_features)
            original.weight.data.copy_(linear.weight.data)
            settings = dict(factor=4) if kind is LokrModule else {}
            module = kind(name, original, lora_dim=2, alpha=1.0, weight_decompose=True, wd_on_out=index % 4 != 3, **settings)
            self.fill(module)
            module.dora_scale.data.mul_(1 + self.random(*module.dora_scale.shape, size=0.2))
            self.keep(tensors, "lora_unet_" + name.replace(".", "_"), module)
            changed[name + ".weight"] = self.base[name + ".weight"] + self.difference(module)
        self.save("dora-scale", tensors, changed)

    def kohya_dora(self):
        """dora_scale of rows beside kohya's pairs of stacked layers, block-diagonal ones among them."""
        width = self.transformer.config.num_attention_heads * self.transformer.config.attention_head_dim
        layers = bfl_layers(self.transformer.config)
        tensors = {key: value.float() for key, value in pairs(layers, "lora_unet_", True, "down_up", 31, lambda name: 3).items()}
        key = "lora_unet_double_blocks_0_img_attn_qkv.lora_up.weight"
        tensors[key] = block_diagonal(tensors[key], [width] * 3)
        differences, magnitudes = {}, {}
        for name in layers:
            key = "lora_unet_" + name.replace(".", "_")
            differences[name + ".weight"] = tensors[key + ".lora_up.weight"].double() @ tensors[key + ".lora_down.weight"].double()
            magnitudes[name + ".bias"] = 1 + self.random(layers[name][1], size=0.2).abs().double()
            tensors[key + ".dora_scale"] = magnitudes[name + ".bias"].float().unsqueeze(1)
        split = self.split(differences)
        lengths = self.split({key: value.float().double() for key, value in magnitudes.items()})
        changed = {}
        for name in split:
            if name.endswith(".weight") and split[name].dim() == 2:
                whole = self.base[name] + split[name]
                changed[name] = whole / whole.norm(dim=1, keepdim=True) * lengths[name.replace(".weight", ".bias")].unsqueeze(1)
        self.save("kohya-dora", tensors, changed)

    def differences(self):
        """Whole differences of weights, biases and norms, by ComfyUI's names."""
        tensors, differences = {}, {}
        for index, (name, (inputs, outputs)) in enumerate(bfl_layers(self.transformer.config).items()):
            if index % 3 != 2:
                tensors[f"diffusion_model.{name}.diff"] = self.random(outputs, inputs, size=0.3 / math.sqrt(inputs)).half()
                differences[name + ".weight"] = tensors[f"diffusion_model.{name}.diff"].double()
            if index % 3 != 1:
                tensors[f"diffusion_model.{name}.diff_b"] = self.random(outputs, size=0.1).bfloat16()
                differences[name + ".bias"] = tensors[f"diffusion_model.{name}.diff_b"].double()
        for index, bfl in enumerate(NORMS):
            key = "diffusion_model." + bfl.format(1)
            tensors[key + (".diff", ".scale.diff", ".w_norm")[index % 3]] = value = self.random(16, size=0.2)
            differences[bfl.format(1) + ".scale"] = value.double()
        self.save("differences", tensors, self.added(differences))

    def control(self):
        """BFL's control layout, nothing widened; diffusers' converter of it gives the same."""
        config = self.transformer.config
        width = config.num_attention_heads * config.attention_head_dim
        layers = bfl_layers(config)
        tensors = {key: value.float() for key, value in pairs(layers, "", False, "a_b", 32).items()}
        differences = {}
        for name, (_, outputs) in layers.items():
            tensors[name + ".lora_B.bias"] = self.random(outputs, size=0.1)
            differences[name + ".bias"] = tensors[name + ".lora_B.bias"].double()
            differences[name + ".weight"] = tensors[name + ".lora_B.weight"].double() @ tensors[name + ".lora_A.weight"].double()
        changed = self.added(differences)
        for bfl, ours in NORMS.items():
            for i in range(2):
                tensors[bfl.format(i) + ".scale"] = 1 + self.random(config.attention_head_dim, size=0.3)
                changed[ours.format(i) + ".weight"] = tensors[bfl.format(i) + ".scale"].double()
        self.save("control", tensors, changed)
        convert = patched("_convert_bfl_flux_control_lora_to_diffusers", width)
        converted = convert(dict(tensors))
        # diffusers swaps the halves of this A, too, where only B's rows are the shift and the scale.
        converted["transformer.norm_out.linear.lora_A.weight"] = tensors["final_layer.adaLN_modulation.1.lora_A.weight"]
        self.pipeline.load_lora_weights(converted, adapter_name="control")
        self.agree("control")

    def peft(self):
        """PEFT's own DoRA, biases and rsLoRA, saved by diffusers."""
        kinds = {"peft-dora": dict(use_dora=True), "peft-bias": dict(lora_bias=True), "peft-rslora": dict(use_rslora=True)}
        for name, setting in kinds.items():
            settings = LoraConfig(
                r=4, lora_alpha=6, init_lora_weights=False, target_modules=["to_q", "to_k", "add_v_proj", "to_out.0", "proj_mlp",
                "proj_out", "net.0.proj", "net.2", "linear", "linear_1", "x_embedder"], rank_pattern={"to_k": 2, r"ff\.net\.0\.proj": 3},
                alpha_pattern={"net.2": 1, r".*single_transformer_blocks\.\d+\.attn\.to_q": 3}, **setting)
            self.transformer.add_adapter(settings, name)
            randomise_adapter(self.transformer)
            with torch.no_grad():
                for key, parameter in self.transformer.named_parameters():
                    if "magnitude" in key:
                        parameter.copy_(1 + self.random(*parameter.shape, size=0.2).abs())
                    elif "lora_" in key:
                        parameter.mul_(0.3)
            changed = {}
            for module_name, module in self.transformer.named_modules():
                if name in getattr(module, "scaling", {}):
                    changed |= self.whole(module_name, module, name)
            layers = get_peft_model_state_dict(self.transformer, adapter_name=name)
            metadata = {"transformer." + key: value for key, value in settings.to_dict().items()}
            metadata = json.dumps(metadata, default=lambda value: sorted(value) if isinstance(value, set) else str(value))
            tensors = {"transformer." + key: value.detach() for key, value in layers.items()}
            self.transformer.delete_adapters(name)
            self.pipeline.unload_lora_weights()
            self.save(name, tensors, changed, {"lora_adapter_metadata": metadata, "format": "pt"})
            self.pipeline.load_lora_weights(self.out, weight_name=f"{name}.safetensors", adapter_name=name)
            self.agree(name)

    def whole(self, name, module, adapter):
        """Weight and bias at scale 1, from the papers' formulas."""
        a, b = module.lora_A[adapter].weight.detach().double(), module.lora_B[adapter].weight.detach().double()
        changed = {name + ".weight": self.base[name + ".weight"] + module.scaling[adapter] * (b @ a)}
        if adapter in module.lora_magnitude_vector:
            whole = changed[name + ".weight"]
            lengths = module.lora_magnitude_vector[adapter].weight.detach().double().unsqueeze(1)
            changed[name + ".weight"] = whole / whole.norm(dim=1, keepdim=True) * lengths
        if module.lora_B[adapter].bias is not None:
            bias = module.scaling[adapter] * module.lora_B[adapter].bias.detach().double()
            changed[name + ".bias"] = self.base[name + ".bias"] + bias
        return changed

    def types(self):
        """Of 8 and of 64 bits, and all of PEFT's names for its adapter."""
        for index, (kind, name) in enumerate(
                [(torch.float8_e4m3fn, "e4m3"), (torch.float8_e5m2, "e5m2"), (torch.float64, "f64")]):
            tensors, changed = {}, {}
            for module, linear in self.linears():
                down = self.random(3, linear.in_features, size=1 / math.sqrt(linear.in_features)).to(kind)
                up = self.random(linear.out_features, 3, size=0.3).to(kind)
                tensors[f"{module}.lora_A.default_{index}.weight"] = down
                tensors[f"{module}.lora_B.default_{index}.weight"] = up
                changed[module + ".weight"] = self.base[module + ".weight"] + up.double() @ down.double()
            self.save(name, tensors, changed)

    def text(self):
        """kohya's and ComfyUI's names of both text encoders' layers. diffusers reads those of CLIP, and drops T5's."""
        pipeline, changed = self.pipeline, {}
        clip = {"text_model." + name.removeprefix("text_model."): module for name, module in pipeline.text_encoder.named_modules()
                if isinstance(module, torch.nn.Linear)}
        t5 = {name: module for name, module in pipeline.text_encoder_2.named_modules() if isinstance(module, torch.nn.Linear)}
        files = {"text-kohya": {}, "text-comfy": {}}
        for index, (name, module) in enumerate([*clip.items(), *t5.items()]):
            of_clip = name in clip
            down = self.random(3, module.in_features, size=1 / math.sqrt(module.in_features)).half()
            up = self.random(module.out_features, 3, size=0.3).half()
            alpha = float(1 + index % 3)
            key = ("lora_te1_" if of_clip else "lora_te3_") + name.replace(".", "_")
            files["text-kohya"] |= {key + ".lora_down.weight": down, key + ".lora_up.weight": up, key + ".alpha": torch.tensor(alpha)}
            if index % 4 == 3:
                whole = (alpha / 3 * up.float() @ down.float())
                key = ("text_encoders.clip_l.transformer." if of_clip else "text_encoders.t5xxl.transformer.") + name
                files["text-comfy"][key + ".diff"] = whole
            else:
                key = ("text_encoder." if of_clip else "text_encoder_2.") + name
                files["text-comfy"] |= {key + ".lora_A.weight": down.float() * alpha / 3, key + ".lora_B.weight": up.float()}
            changed[name] = (module, alpha / 3 * (up.double() @ down.double()))
        for name, tensors in files.items():
            save_file(tensors, self.out / f"{name}.safetensors")
        for scale in SCALES:
            for module, delta in changed.values():
                before = module.weight.data
                module.weight.data = (before.double() + scale * delta).float()
                module.before = before
            found = encoded(pipeline, PROMPTS[0], 0)
            self.expected |= {f"text.{key.removesuffix('.0')}.{scale}": value.contiguous() for key, value in found.items() if "ids" not in key}
            for module, _ in changed.values():
                module.weight.data = module.before
        pipeline.load_lora_weights(
            {key: value.float() for key, value in files["text-kohya"].items() if key.startswith("lora_te1")}, adapter_name="text")
        error = (encoded(pipeline, PROMPTS[0], 0)["pooled.0"] - self.expected["text.pooled.1.0"]).norm() / self.expected["text.pooled.1.0"].norm()
        print(f"text: {error.item():.1e} from diffusers")
        assert error < 1e-5
        pipeline.unload_lora_weights()

    def together(self):
        """Several at once, each at its scale."""
        for parts in ({"lokr": 0.5, "kohya-dora": -1.0, "control": 0.75, "loha": 0.25},
                      {"dora-scale": -0.5, "lokr": -0.25, "differences": 2.0, "peft-bias": 0.0}):
            name = ".".join(f"{part}.{scale}" for part, scale in parts.items())
            self.expected["velocity.together." + name] = self.with_weights(self.mixed(parts))

    # Helpers

    def linears(self):
        return [(name, module) for name, module in self.transformer.named_modules() if isinstance(module, torch.nn.Linear)]

    @torch.no_grad()
    def fill(self, module):
        for name, parameter in sorted(module.named_parameters()):
            if name.startswith(("lokr_", "hada_", "lora_")):
                parameter.copy_(self.random(*parameter.shape, size=0.8 / math.sqrt(max(1, parameter.shape[-1]))))

    def keep(self, tensors, key, module):
        for name, value in module.custom_state_dict().items():
            tensors[f"{key}.{name}"] = value.detach().clone() if torch.is_tensor(value) else torch.tensor(float(value))

    def difference(self, module):
        """From LyCORIS' forward pass, as in training. Its merging counts the scale of LoHa and LoKr twice."""
        original = module.org_module[0].double()
        module.apply_to()
        unit = torch.eye(original.in_features, dtype=torch.float64)
        weight = module.double()(unit) - original.bias
        return (weight.T - original.weight).detach()

    def agree(self, name):
        """diffusers' own drawing at scale 1 is that of the weights."""
        self.pipeline.set_adapters(name, 1.0)
        ours, theirs = self.expected[f"velocity.{name}.1.0"], self.velocity()
        error = ((ours - theirs).norm() / theirs.norm()).item()
        print(f"{name}: {error:.1e} from diffusers")
        assert error < 1e-5
        self.pipeline.unload_lora_weights()
        self.transformer.load_state_dict({key: value.float() for key, value in self.base.items()})


def main(goldens):
    layouts = Layouts(goldens)
    with torch.no_grad():
        bare = layouts.velocity()
        for make in ("lokr", "loha", "lycoris_dora", "kohya_dora", "differences", "control", "peft", "types", "together", "text"):
            getattr(layouts, make)()
        assert torch.equal(bare, layouts.velocity())
    for name, value in layouts.expected.items():
        if name.startswith("velocity"):
            print(f"{name}: {((value - bare).norm() / bare.norm()).item():.2f} from the base")
    save_file(layouts.expected, layouts.out / "expected.safetensors")


if __name__ == "__main__":
    torch.use_deterministic_algorithms(True)
    main(Path(sys.argv[1]))

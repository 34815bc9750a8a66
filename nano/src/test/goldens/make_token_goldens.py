"""Makes the golden token ids: what transformers' tokenizers make of captions with a folder of Blueprint's.

    mvn test                                                        # TokenizerGoldenTest writes target/blueprint
    python make_token_goldens.py ../../../target/blueprint ../resources/goldens/tokens.json

Libraries: engine/src/test/goldens/requirements.txt. Not part of the build.
"""

import json
import sys
from pathlib import Path

from transformers import AutoTokenizer, CLIPTokenizer, PreTrainedTokenizerFast

PROMPTS = [
    "",
    "a big fox at the left in the meadow",
    "[MOVIE-SHOTS] a fox and a lion [SCENE-1] a big fox in the meadow, [SCENE-2] the lion; [SCENE-3] a balloon on the pond.",
    "[SANDSTORM-PSA] a lion [TOP] a big lion at the right [BOTTOM] in the sandstorm",
    "A, K and A [TOP-LEFT] the A [TOP-RIGHT] a K [BOTTOM-LEFT] K, [BOTTOM-RIGHT] \"A\"",
    "A BIG Fox, in the MEADOW; [scene-4] SNOW:",
    "it's 2 foxes and 47 antelopes (or 3?) — there, then!",
    "  two\tbig \n lions  [LEFT]the right[RIGHT] left ",
    "naïve café in Zürich, Ñandú, Ωmega ĞİŞ straße",
    "日本語のキツネ 🎈🦊 ¿dónde?",
    "<pad]{x}|~^_ a@b #1 50% <Leo>",
    "foxglove, onion, bandana; thenceforth an ant at an antenna",
    "a big fox, " * 20,
]


def main(folder, file):
    clip = CLIPTokenizer.from_pretrained(folder / "tokenizer")
    t5 = PreTrainedTokenizerFast.from_pretrained(folder / "tokenizer_2")
    automatic = AutoTokenizer.from_pretrained(folder / "tokenizer_2")
    goldens = []
    for prompt in PROMPTS:
        ids = [
            tokenizer(prompt, padding="max_length", truncation=True).input_ids for tokenizer in (clip, t5, automatic)
        ]
        assert ids[1] == ids[2], prompt
        assert [len(each) for each in ids] == [77, 48, 48], prompt
        goldens.append({"prompt": prompt, "clip": ids[0], "t5": ids[1]})
    lines = ",\n".join(json.dumps(golden, ensure_ascii=False) for golden in goldens)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"[\n{lines}\n]\n")


main(Path(sys.argv[1]), Path(sys.argv[2]))

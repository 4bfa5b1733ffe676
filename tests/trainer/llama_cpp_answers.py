"""What llama.cpp makes of a GGUF; a program for an interpreter that has llama-cpp-python and nothing of ours.

    python llama_cpp_answers.py MODEL.gguf < [{"text": str, "ids": [int], "answer": [int]}]

Prints for each: `ids` of the text, `logits` at the last token of the prompt and at each of the answer, and
`greedy`, as many tokens as the answer has, written by llama.cpp itself.
"""

import json
import sys

import llama_cpp
import numpy as np

_defaults = llama_cpp.llama_cpp.llama_model_default_params


def _plain_kernels():
    """Without weights repacked for AMX, which not every sandbox lets a process use."""
    parameters = _defaults()
    parameters.use_extra_bufts = False
    return parameters


llama_cpp.llama_cpp.llama_model_default_params = _plain_kernels

model = llama_cpp.Llama(sys.argv[1], n_ctx=512, n_threads=1, logits_all=True, verbose=False)
found = []
for row in json.load(sys.stdin):
    whole = row["ids"] + row["answer"]
    model.reset()
    model.eval(whole)
    logits = np.array(model.scores[len(row["ids"]) - 1 : len(whole)])
    greedy = []
    model.reset()
    for token in model.generate(row["ids"], temp=0.0, top_k=1):
        if len(greedy) == len(row["answer"]):
            break
        greedy.append(int(token))
    tokenised = model.tokenize(row["text"].encode(), add_bos=False, special=True)
    found.append({"ids": tokenised, "logits": logits.tolist(), "greedy": greedy})
json.dump(found, sys.stdout)

"""The peer of `src/bench/hardening.ts`: the same updates in PyTorch on the CPU, of the same ONNX file.

    python tools/peers/hardening.py MODEL OBJECTIVE BATCH K ROTATION TRANSLATION THREADS MEMORY MEAN STD

OBJECTIVE is `regularised` (cross-entropy on natural and transformed images, KL between their answers) or `distilled` (KL
to the answers of the model as it came); K candidates are drawn for each image; MEMORY is `contiguous` or
`channels-last`; MEAN and STD are lists with commas. float32, AdamW. For every line on standard input one update is made
and its milliseconds are printed. At the end, on an empty input, the resident memory's peak in MB is printed.
"""
import math
import sys

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper

from steps import serve

LAMBDA = 2


class Imported:
    """The nodes of a convolutional ONNX classifier, carried out one by one; its float tensors of weights are parameters."""

    def __init__(self, path, form):
        graph = onnx.load(path).graph
        self.nodes = [(n.op_type, list(n.input), list(n.output), {a.name: onnx.helper.get_attribute_value(a) for a in n.attribute}) for n in graph.node]
        self.constants = {t.name: torch.tensor(numpy_helper.to_array(t).copy()) for t in graph.initializer}
        for kind, _, outputs, attributes in self.nodes:
            if kind == "Constant":
                self.constants[outputs[0]] = torch.tensor(numpy_helper.to_array(attributes["value"]).copy())
        self.names = {name for kind, inputs, _, _ in self.nodes if kind in ("Conv", "Gemm") for name in inputs[1:]}
        self.parameters = {}
        for name in self.names:
            value = self.constants[name]
            value = value.contiguous(memory_format=form) if value.dim() == 4 else value
            self.parameters[name] = value.requires_grad_()
        self.input = next(i.name for i in graph.input if i.name not in self.constants)
        self.output = graph.output[0].name

    def __call__(self, x, parameters=None):
        values = {**self.constants, **(parameters or self.parameters), self.input: x}
        for kind, inputs, outputs, attributes in self.nodes:
            if kind != "Constant":
                values[outputs[0]] = OPERATORS[kind](attributes, *[values[i] if i else None for i in inputs])
        return values[self.output].flatten(1)


def conv(a, x, w, b=None):
    pads = a.get("pads", [0, 0, 0, 0])
    if pads[:2] != pads[2:]:
        x, pads = F.pad(x, (pads[1], pads[3], pads[0], pads[2])), [0, 0]
    return F.conv2d(x, w, b, a.get("strides", 1), pads[:2], a.get("dilations", 1), a.get("group", 1) or 1)


def slice_(a, x, starts, ends, axes, steps):
    index = [slice(None)] * x.dim()
    for axis, start, end, step in zip(axes.tolist(), starts.tolist(), ends.tolist(), steps.tolist()):
        index[axis] = slice(start, end, step)
    return x[tuple(index)]


def pad(a, x, pads, value=None):
    pads, n = pads.tolist(), x.dim()
    return F.pad(x, [p for i in reversed(range(n)) for p in (pads[i], pads[i + n])])


def gemm(a, x, w, b):
    return F.linear(x, w if a.get("transB") else w.t(), b)


OPERATORS = {
    "Conv": conv, "Slice": slice_, "Pad": pad, "Gemm": gemm,
    "Relu": lambda a, x: F.relu(x),
    "Clip": lambda a, x, low, high: x.clamp(low, high),
    "Add": lambda a, x, y: x + y, "Sub": lambda a, x, y: x - y, "Div": lambda a, x, y: x / y, "Mul": lambda a, x, y: x * y,
    "Concat": lambda a, *x: torch.cat(x, a["axis"]),
    "MaxPool": lambda a, x: F.max_pool2d(x, a["kernel_shape"], a["strides"], a.get("pads", [0, 0])[:2], ceil_mode=bool(a.get("ceil_mode"))),
    "AveragePool": lambda a, x: F.avg_pool2d(x, a["kernel_shape"], a.get("strides")),
    "GlobalAveragePool": lambda a, x: x.mean((2, 3), keepdim=True),
    "Flatten": lambda a, x: x.flatten(1), "Reshape": lambda a, x, s: x.flatten(1), "Dropout": lambda a, x, *_: x,
}


def transform(images, angle, shift):
    turn = (torch.rand(len(images)) * 2 - 1) * angle * math.pi / 180
    t = (torch.rand(len(images), 2) * 2 - 1) * shift * 2 / images.shape[-1]
    c, s = turn.cos(), turn.sin()
    theta = torch.stack([torch.stack([c, -s, -(c * t[:, 0] - s * t[:, 1])], 1),
                         torch.stack([s, c, -(s * t[:, 0] + c * t[:, 1])], 1)], 1)
    return F.grid_sample(images, F.affine_grid(theta, images.shape, align_corners=False), align_corners=False)


def main(path, objective, batch, k, angle, shift, threads, memory, mean, std):
    batch, k, angle, shift = int(batch), int(k), float(angle), float(shift)
    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    form = torch.channels_last if memory == "channels-last" else torch.contiguous_format
    model = Imported(path, form)
    dims = [d.dim_value for d in next(i for i in onnx.load(path).graph.input if i.name == model.input).type.tensor_type.shape.dim][1:]
    teacher = {name: value.detach().clone(memory_format=torch.preserve_format) for name, value in model.parameters.items()}
    optimizer = torch.optim.AdamW(model.parameters.values(), lr=1e-5)
    mean, std = (torch.tensor([float(v) for v in text.split(",")]).view(1, -1, 1, 1) for text in (mean, std))
    images = torch.rand(batch, *dims)

    def prepared(x):
        return ((x - mean) / std).contiguous(memory_format=form)

    classes = model(prepared(images[:1])).shape[1]
    labels = torch.arange(batch) % classes

    def divergence(scores, answers):
        return F.kl_div(F.log_softmax(scores, 1), answers, reduction="none").sum(1)

    def step():
        with torch.inference_mode():
            if objective == "distilled":
                answers = F.softmax(model(prepared(images), teacher), 1)
            candidates = [transform(images, angle, shift) for _ in range(k)]
            if k == 1:
                worst = candidates[0]
            else:
                scores = [model(prepared(c)) for c in candidates]
                losses = [divergence(s, answers) if objective == "distilled" else F.cross_entropy(s, labels, reduction="none") for s in scores]
                chosen = torch.stack(losses).argmax(0).tolist()
                worst = torch.stack([candidates[c][i] for i, c in enumerate(chosen)])
        both = prepared(torch.cat([images, worst])).clone()
        scores = model(both)
        natural, transformed = scores[:batch], scores[batch:]
        if objective == "distilled":
            answers = answers.clone()
            loss = divergence(natural, answers).mean() + LAMBDA * divergence(transformed, answers).mean()
        else:
            loss = (F.cross_entropy(scores, torch.cat([labels, labels]))
                    + LAMBDA * divergence(transformed, F.softmax(natural, 1)).mean())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    serve(step)


main(*sys.argv[1:])

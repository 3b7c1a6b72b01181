"""Writes src/gradients/reference/operators.json: gradients of single operators by PyTorch in float64.

    python tools/gradient-reference.py          (PyTorch 2.13, needs no ONNX)

Every case is one ONNX node with its inputs, weights c for its outputs, and the gradient of the loss sum(c * y) by each float
input. PyTorch's analytic gradient is checked against central differences in float64 (gradcheck) before it is written,
except at ties, where no derivative exists and the choice of one is the point of the case.
Tensors are stored as base64 of little-endian float32 (inputs are exact in it) or int64.
"""
import base64
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

CASES = []
RNG = np.random.default_rng(20)


def draw(*shape, low=-2.0, high=2.0):
    return RNG.uniform(low, high, shape).astype(np.float32)


def apart(*shape):
    """Values no two of which are nearer than 0.05, and none near zero: safe for maxima and kinks."""
    count = math.prod(shape)
    values = (RNG.permutation(count) - count / 2 + 0.5) * 0.06
    return values.reshape(shape).astype(np.float32)


def ints(*values):
    return np.array(values, dtype=np.int64)


def tensor_json(array):
    kind = {'float32': 'float32', 'int64': 'int64', 'bool': 'bool'}[str(array.dtype)]
    return {'type': kind, 'dims': list(array.shape), 'data': base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()}


def attribute_json(value):
    if isinstance(value, bool):
        raise TypeError(value)
    if isinstance(value, int):
        return {'kind': 'int', 'value': value}
    if isinstance(value, float):
        return {'kind': 'float', 'value': value}
    if isinstance(value, str):
        return {'kind': 'string', 'value': value}
    return {'kind': 'ints', 'value': list(value)}


def case(name, op, inputs, reference, outputs=1, check=True, fixed=(), **attributes):
    """inputs: arrays, or None for one left out. reference: function of the float inputs as float64 tensors (others as they are).
    fixed: positions of float inputs that are constants of the graph and not differentiated by."""
    tensors = []
    for position, array in enumerate(inputs):
        if array is None:
            tensors.append(None)
        elif array.dtype == np.float32 and position not in fixed:
            tensors.append(torch.tensor(array, dtype=torch.float64, requires_grad=True))
        else:
            tensors.append(torch.tensor(array.astype(np.float64) if array.dtype == np.float32 else array))
    by = [i for i, t in enumerate(tensors) if t is not None and t.requires_grad]

    def call(*leaves):
        full = list(tensors)
        for position, leaf in zip(by, leaves):
            full[position] = leaf
        result = reference(*full)
        return result if isinstance(result, tuple) else (result,)

    leaves = [tensors[i] for i in by]
    results = call(*leaves)
    assert len(results) == outputs, name
    if check:
        assert torch.autograd.gradcheck(call, leaves, eps=1e-6, atol=1e-5, rtol=1e-4), name
    weights = [draw(*r.shape) for r in results]
    loss = sum((r * torch.tensor(c, dtype=torch.float64)).sum() for r, c in zip(results, weights))
    gradients = torch.autograd.grad(loss, leaves, allow_unused=True)
    CASES.append({
        'name': name, 'opType': op,
        'inputs': [None if a is None else tensor_json(a) for a in inputs],
        'attributes': {k: attribute_json(v) for k, v in attributes.items()},
        'weights': [tensor_json(c) for c in weights],
        'gradients': {str(i): tensor_json(g.numpy().astype(np.float32)) for i, g in zip(by, gradients) if g is not None},
    })


# Convolution -------------------------------------------------------------------------------------------------

def conv(name, x, w, bias=True, strides=None, pads=None, dilations=None, group=1):
    rank = x.ndim - 2
    strides, dilations, pads = strides or [1] * rank, dilations or [1] * rank, pads or [0] * 2 * rank
    b = draw(w.shape[0]) if bias else None
    frame = [p for i in reversed(range(rank)) for p in (pads[i], pads[rank + i])]
    function = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}[rank]

    def reference(x, w, b=None):
        return function(F.pad(x, frame), w, b, stride=strides, dilation=dilations, groups=group)
    case(name, 'Conv', [x, w] + ([b] if bias else []), reference, strides=strides, pads=pads, dilations=dilations, group=group)


conv('3x3 same', draw(2, 3, 5, 6), draw(4, 3, 3, 3), pads=[1, 1, 1, 1])
conv('3x3 valid, no bias', draw(2, 3, 5, 6), draw(4, 3, 3, 3), bias=False)
conv('3x3 stride 2, even', draw(2, 3, 6, 8), draw(4, 3, 3, 3), strides=[2, 2], pads=[1, 1, 1, 1])
conv('3x3 stride 2, odd', draw(2, 3, 7, 5), draw(4, 3, 3, 3), strides=[2, 2], pads=[1, 1, 1, 1])
conv('1x1 stride 2', draw(2, 3, 7, 6), draw(4, 3, 1, 1), strides=[2, 2])
conv('1x1', draw(2, 3, 4, 4), draw(2, 3, 1, 1))
conv('2x2 stride 3: gaps', draw(2, 2, 8, 7), draw(3, 2, 2, 2), strides=[3, 3])
conv('4x4 stride 2 with leftover', draw(2, 2, 9, 8), draw(3, 2, 4, 4), strides=[2, 2])
conv('7x7 stride 2 pad 3', draw(1, 3, 11, 12), draw(2, 3, 7, 7), strides=[2, 2], pads=[3, 3, 3, 3])
conv('unequal strides and kernel', draw(2, 2, 7, 9), draw(3, 2, 3, 2), strides=[1, 3], pads=[1, 0, 0, 1])
conv('unequal pads', draw(1, 2, 6, 6), draw(2, 2, 3, 3), strides=[2, 2], pads=[0, 1, 2, 1])
conv('pad beyond the kernel', draw(1, 2, 4, 4), draw(2, 2, 2, 2), pads=[3, 2, 2, 3])
conv('dilated', draw(2, 2, 9, 9), draw(3, 2, 3, 3), dilations=[2, 3], pads=[2, 1, 0, 3])
conv('dilated and strided', draw(2, 2, 10, 11), draw(3, 2, 3, 3), dilations=[2, 2], strides=[2, 3], pads=[1, 2, 2, 1])
conv('dilation 3, stride 2', draw(1, 2, 11, 10), draw(2, 2, 3, 3), dilations=[3, 3], strides=[2, 2], pads=[2, 2, 2, 2])
conv('two groups', draw(2, 4, 5, 5), draw(6, 2, 3, 3), group=2, pads=[1, 1, 1, 1])
conv('two groups, stride 2', draw(2, 4, 6, 7), draw(6, 2, 3, 3), group=2, strides=[2, 2], pads=[1, 1, 1, 1])
conv('depthwise', draw(2, 3, 6, 6), draw(3, 1, 3, 3), group=3, pads=[1, 1, 1, 1])
conv('depthwise stride 2', draw(2, 3, 7, 7), draw(3, 1, 3, 3), group=3, strides=[2, 2], pads=[1, 1, 1, 1])
conv('depthwise with multiplier', draw(2, 3, 5, 5), draw(6, 1, 3, 3), group=3, pads=[1, 1, 1, 1])
conv('1-D', draw(2, 3, 9), draw(4, 3, 3), pads=[1, 1])
conv('1-D stride 2, dilated', draw(2, 3, 11), draw(4, 3, 3), strides=[2], dilations=[2], pads=[1, 2])
conv('1-D depthwise', draw(2, 3, 8), draw(3, 1, 4), group=3)
conv('3-D', draw(1, 2, 4, 5, 4), draw(2, 2, 3, 2, 3), strides=[1, 2, 1], pads=[1, 0, 1, 1, 0, 1])


def auto_pad(mode, x, w, strides):
    def reference(x, w):
        frame = []
        for axis in (3, 2):
            extent, k, stride = x.shape[axis], w.shape[axis], strides[axis - 2]
            total = max(0, (-(-extent // stride) - 1) * stride + k - extent)
            small, large = total // 2, total - total // 2
            frame += [large, small] if mode == 'SAME_LOWER' else [small, large]
        return F.conv2d(F.pad(x, frame), w, stride=strides)
    case(mode, 'Conv', [x, w], reference, auto_pad=mode, strides=strides)


auto_pad('SAME_UPPER', draw(1, 2, 6, 7), draw(2, 2, 3, 4), [2, 2])
auto_pad('SAME_LOWER', draw(1, 2, 6, 7), draw(2, 2, 4, 3), [2, 1])


def conv_transpose(name, x, w, bias=True, strides=None, pad=None, output_padding=None, dilations=None, group=1):
    rank = x.ndim - 2
    strides, dilations, pad = strides or [1] * rank, dilations or [1] * rank, pad or [0] * rank
    output_padding = output_padding or [0] * rank
    function = {1: F.conv_transpose1d, 2: F.conv_transpose2d}[rank]
    inputs = [x, w] + ([draw(w.shape[1] * group)] if bias else [])

    def reference(x, w, b=None):
        return function(x, w, b, stride=strides, padding=pad, output_padding=output_padding, groups=group, dilation=dilations)
    case(name, 'ConvTranspose', inputs, reference, strides=strides, pads=pad * 2, output_padding=output_padding, dilations=dilations, group=group)


conv_transpose('2x2 stride 2', draw(2, 3, 4, 3), draw(3, 2, 2, 2), strides=[2, 2])
conv_transpose('3x3 stride 2 with output padding', draw(2, 3, 4, 3), draw(3, 2, 3, 3), strides=[2, 2], pad=[1, 1], output_padding=[1, 1])
conv_transpose('stride 1', draw(2, 3, 4, 5), draw(3, 4, 3, 3), pad=[1, 1], bias=False)
conv_transpose('groups, dilated', draw(1, 4, 4, 4), draw(4, 2, 3, 3), group=2, dilations=[2, 1], strides=[2, 3], pad=[1, 0])
conv_transpose('1-D', draw(2, 3, 5), draw(3, 2, 4), strides=[3], pad=[1])

# Matrices ------------------------------------------------------------------------------------------------------

for ta in (0, 1):
    for tb in (0, 1):
        case(f'transA {ta}, transB {tb}', 'Gemm', [draw(*((4, 3) if ta else (3, 4))), draw(*((5, 4) if tb else (4, 5))), draw(5)],
             lambda a, b, c, ta=ta, tb=tb: 0.5 * (a.T if ta else a) @ (b.T if tb else b) + 2 * c, transA=ta, transB=tb, alpha=0.5, beta=2.0)
case('matrix C', 'Gemm', [draw(3, 4), draw(4, 2), draw(3, 1)], lambda a, b, c: a @ b + c)
case('no C', 'Gemm', [draw(3, 4), draw(4, 2)], lambda a, b: a @ b)
for left, right in [((3, 4), (4, 2)), ((2, 3, 4), (4, 2)), ((2, 5, 3, 4), (2, 5, 4, 2)), ((5, 3, 4), (2, 1, 4, 2)), ((1, 3, 4), (6, 4, 2)),
                    ((3, 4), (2, 4, 5)), ((4,), (4, 2)), ((3, 4), (4,)), ((4,), (4,)), ((4,), (3, 4, 2)), ((2, 3, 4), (4,))]:
    case(f'{left} x {right}'.replace('(', '[').replace(')', ']').replace(',]', ']'), 'MatMul', [draw(*left), draw(*right)], torch.matmul)

# Arithmetic ------------------------------------------------------------------------------------------------------

SHAPES = [((2, 3, 4), (2, 3, 4)), ((2, 3, 4), (4,)), ((3, 1), (2, 3, 4)), ((2, 1, 4), (1, 3, 1)), ((2, 3), ())]
for left, right in SHAPES:
    label = f'{left} and {right}'.replace('(', '[').replace(')', ']').replace(',]', ']')
    case(label, 'Add', [draw(*left), draw(*right)], torch.add)
    case(label, 'Sub', [draw(*left), draw(*right)], torch.sub)
    case(label, 'Mul', [draw(*left), draw(*right)], torch.mul)
    case(label, 'Div', [draw(*left), draw(*right, low=0.5)], torch.div)
    case(label, 'Pow', [draw(*left, low=0.3), draw(*right)], torch.pow)
case('square', 'Pow', [draw(2, 3), np.array(2, np.float32)], lambda x, p: x ** 2, fixed=(1,))
case('cube of negatives', 'Pow', [draw(2, 3), np.array(3, np.float32)], lambda x, p: x ** 3, fixed=(1,))
case('root', 'Pow', [draw(2, 3, low=0.2), np.array([0.5], np.float32)], lambda x, p: x ** 0.5, fixed=(1,))
case('exponent of integers', 'Pow', [draw(2, 3), ints(3)], lambda x, p: x ** 3)
case('one input twice as large', 'Sum', [draw(2, 3), draw(3), draw(2, 1)], lambda a, b, c: a + b + c)
case('three operands', 'Mean', [draw(2, 3), draw(3), draw(2, 1)], lambda a, b, c: (a + b + c) / 3)
values = apart(3, 2, 3)
case('three operands', 'Max', [values[0], values[1], values[2]], lambda a, b, c: torch.maximum(torch.maximum(a, b), c))
case('three operands', 'Min', [values[0], values[1], values[2]], lambda a, b, c: torch.minimum(torch.minimum(a, b), c))
values = apart(12)
case('broadcast', 'Max', [values[:6].reshape(2, 3), values[6:9]], torch.maximum)
case('tie: half each', 'Max', [np.float32([1, 2, 3]), np.float32([1, 2, 4])], torch.maximum, check=False)
condition = np.array([[True, False, True], [False, False, True]])
case('broadcast', 'Where', [condition, draw(3), draw(2, 1)], torch.where)
case('vector', 'Neg', [draw(5)], torch.neg)
case('vector', 'Abs', [apart(6)], torch.abs)
case('vector', 'Sqrt', [draw(5, low=0.2)], torch.sqrt)
case('vector', 'Reciprocal', [draw(5, low=0.4)], torch.reciprocal)
case('vector', 'Exp', [draw(5)], torch.exp)
case('vector', 'Log', [draw(5, low=0.2)], torch.log)
case('vector', 'Identity', [draw(5)], lambda x: x * 1)
case('inference', 'Dropout', [draw(5)], lambda x: x * 1)

# Activation ------------------------------------------------------------------------------------------------------

line = (np.arange(-24, 25).astype(np.float32) * 0.3 + 0.07).reshape(7, 7)
case('line', 'Relu', [line], F.relu)
case('at zero: 0', 'Relu', [np.zeros(3, np.float32)], F.relu, check=False)
case('line', 'LeakyRelu', [line], lambda x: F.leaky_relu(x, 0.2), alpha=0.2)
case('slope per channel', 'PRelu', [apart(2, 3, 2, 2), draw(3, 1, 1)], lambda x, a: torch.where(x > 0, x, a * x))
case('one slope', 'PRelu', [apart(2, 3), draw(1)], lambda x, a: torch.where(x > 0, x, a * x))
case('line', 'Elu', [line], lambda x: F.elu(x, 1.5), alpha=1.5)
case('line', 'Selu', [line], F.selu)
case('both bounds', 'Clip', [line, np.array(-1, np.float32), np.array(3, np.float32)], lambda x, a, b: torch.clamp(x, -1, 3), fixed=(1, 2))
case('ReLU6', 'Clip', [line, np.array(0, np.float32), np.array(6, np.float32)], lambda x, a, b: F.relu6(x), fixed=(1, 2))
case('ReLU6 at its bounds: 0', 'Clip', [np.float32([0, 6, 3]), np.array(0, np.float32), np.array(6, np.float32)], lambda x, a, b: F.relu6(x), fixed=(1, 2), check=False)
case('lower bound', 'Clip', [line, np.array(-1, np.float32)], lambda x, a: torch.clamp(x, min=-1), fixed=(1,))
case('upper bound', 'Clip', [line, None, np.array(2, np.float32)], lambda x, _, b: torch.clamp(x, max=2), fixed=(2,))
case('line', 'Sigmoid', [line], torch.sigmoid)
case('line', 'HardSigmoid', [line], lambda x: torch.clamp(0.3 * x + 0.4, 0, 1), alpha=0.3, beta=0.4)
case('line', 'HardSwish', [line], F.hardswish)
case('line', 'Tanh', [line], torch.tanh)
case('line', 'Softplus', [line], F.softplus)
case('line', 'Erf', [line], torch.erf)
case('exact', 'Gelu', [line], F.gelu)
case('tanh', 'Gelu', [line], lambda x: F.gelu(x, approximate='tanh'), approximate='tanh')
for op, function in (('Softmax', F.softmax), ('LogSoftmax', F.log_softmax)):
    case('last axis', op, [draw(3, 5)], lambda x, f=function: f(x, -1))
    case('axis 1 of 4', op, [draw(2, 3, 2, 2)], lambda x, f=function: f(x, 1), axis=1)
    case('large scores', op, [draw(2, 4) * 20], lambda x, f=function: f(x, -1))

# Normalization ---------------------------------------------------------------------------------------------------

for shape in ((3, 4, 2, 3), (5, 4), (2, 4, 5)):
    scale, bias, mean, variance = draw(4), draw(4), draw(4), draw(4, low=0.3)
    case(f'inference, {list(shape)}', 'BatchNormalization', [draw(*shape), scale, bias, mean, variance],
         lambda x, w, b, m, v: F.batch_norm(x, m, v, w, b, eps=1e-3) if not m.requires_grad else (
             (x - m.view(-1, *[1] * (x.ndim - 2))) / torch.sqrt(v.view(-1, *[1] * (x.ndim - 2)) + 1e-3)
             * w.view(-1, *[1] * (x.ndim - 2)) + b.view(-1, *[1] * (x.ndim - 2))), epsilon=1e-3)
    case(f'training, {list(shape)}', 'BatchNormalization', [draw(*shape), scale, bias, mean, variance],
         lambda x, w, b, m, v: F.batch_norm(x, None, None, w, b, training=True, eps=1e-3), fixed=(3, 4), epsilon=1e-3, training_mode=1)
case('training, mean far from zero', 'BatchNormalization', [draw(4, 2, 3, 3) + 20, draw(2), draw(2), draw(2), draw(2, low=0.3)],
     lambda x, w, b, m, v: F.batch_norm(x, None, None, w, b, training=True, eps=1e-5), fixed=(3, 4), training_mode=1)
case('last axis', 'LayerNormalization', [draw(2, 3, 6), draw(6), draw(6)], lambda x, w, b: F.layer_norm(x, (6,), w, b, 1e-5))
case('two axes, no bias', 'LayerNormalization', [draw(2, 3, 4), draw(3, 4)], lambda x, w: F.layer_norm(x, (3, 4), w, None, 1e-3), axis=1, epsilon=1e-3)
case('mean far from zero', 'LayerNormalization', [draw(2, 8) + 20, draw(8), draw(8)], lambda x, w, b: F.layer_norm(x, (8,), w, b, 1e-5))
case('2-D', 'InstanceNormalization', [draw(2, 3, 3, 4), draw(3), draw(3)], lambda x, w, b: F.instance_norm(x, weight=w, bias=b, eps=1e-4), epsilon=1e-4)
case('1-D', 'InstanceNormalization', [draw(2, 3, 7), draw(3), draw(3)], lambda x, w, b: F.instance_norm(x, weight=w, bias=b))
case('scale per group', 'GroupNormalization', [draw(2, 6, 3, 2), draw(3), draw(3)],
     lambda x, w, b: F.group_norm(x, 3, w.repeat_interleave(2), b.repeat_interleave(2), 1e-4), num_groups=3, epsilon=1e-4)


def lrn(x, size, alpha, beta, bias):
    below, above = (size - 1) // 2, size - 1 - (size - 1) // 2
    squares = F.pad((x * x).transpose(1, -1), (below, above)).transpose(1, -1)
    total = sum(squares[:, i:i + x.shape[1]] for i in range(size))
    return x / (bias + alpha / size * total) ** beta


case('size 3', 'LRN', [draw(2, 5, 2, 3)], lambda x: lrn(x, 3, 0.4, 0.75, 1.0), size=3, alpha=0.4, beta=0.75, bias=1.0)
case('size 5', 'LRN', [draw(2, 6, 2, 2)], lambda x: lrn(x, 5, 0.5, 0.6, 2.0), size=5, alpha=0.5, beta=0.6, bias=2.0)

# Pooling -----------------------------------------------------------------------------------------------------------

case('2x2', 'MaxPool', [apart(2, 2, 4, 6)], lambda x: F.max_pool2d(x, 2), kernel_shape=[2, 2], strides=[2, 2])
case('2x2 with leftover', 'MaxPool', [apart(2, 2, 5, 7)], lambda x: F.max_pool2d(x, 2), kernel_shape=[2, 2], strides=[2, 2])
case('3x3 stride 2, overlapping', 'MaxPool', [apart(2, 2, 7, 7)], lambda x: F.max_pool2d(x, 3, 2), kernel_shape=[3, 3], strides=[2, 2])
case('3x3 stride 2, padded', 'MaxPool', [apart(2, 2, 7, 8)], lambda x: F.max_pool2d(x, 3, 2, 1), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
case('ceil_mode', 'MaxPool', [apart(1, 2, 6, 8)], lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True), kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
case('dilated', 'MaxPool', [apart(1, 2, 7, 8)], lambda x: F.max_pool2d(x, 2, 1, dilation=2), kernel_shape=[2, 2], dilations=[2, 2])
case('1-D', 'MaxPool', [apart(2, 2, 9)], lambda x: F.max_pool1d(x, 3, 2), kernel_shape=[3], strides=[2])
ties = np.round(draw(2, 2, 4, 4))
case('ties: the first wins', 'MaxPool', [ties], lambda x: F.max_pool2d(x, 2), kernel_shape=[2, 2], strides=[2, 2], check=False)
case('ties, overlapping', 'MaxPool', [np.round(draw(1, 2, 7, 7))], lambda x: F.max_pool2d(x, 3, 2), kernel_shape=[3, 3], strides=[2, 2], check=False)
case('constant background', 'MaxPool', [np.zeros((1, 1, 4, 4), np.float32)], lambda x: F.max_pool2d(x, 2), kernel_shape=[2, 2], strides=[2, 2], check=False)
case('2x2', 'AveragePool', [draw(2, 3, 4, 6)], lambda x: F.avg_pool2d(x, 2), kernel_shape=[2, 2], strides=[2, 2])
case('3x3 stride 1, frame not counted', 'AveragePool', [draw(2, 2, 5, 4)],
     lambda x: F.avg_pool2d(x, 3, 1, 1, count_include_pad=False), kernel_shape=[3, 3], pads=[1, 1, 1, 1])
case('3x3 stride 2, frame counted', 'AveragePool', [draw(2, 2, 7, 6)],
     lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=True), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1)
case('ceil_mode', 'AveragePool', [draw(1, 2, 6, 8)], lambda x: F.avg_pool2d(x, 3, 2, ceil_mode=True), kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
case('1-D', 'AveragePool', [draw(2, 2, 9)], lambda x: F.avg_pool1d(x, 4, 3), kernel_shape=[4], strides=[3])
case('2-D', 'GlobalAveragePool', [draw(2, 3, 4, 5)], lambda x: x.mean((2, 3), keepdim=True))
case('1-D', 'GlobalAveragePool', [draw(2, 3, 4)], lambda x: x.mean(2, keepdim=True))
case('2-D', 'GlobalMaxPool', [apart(2, 3, 4, 2)], lambda x: x.amax((2, 3), keepdim=True))
case('ties in equal parts', 'GlobalMaxPool', [np.round(draw(2, 2, 3, 3))], lambda x: x.amax((2, 3), keepdim=True), check=False)

# Reduction -----------------------------------------------------------------------------------------------------------

for op, function in (('ReduceSum', lambda x, a, k: x.sum(a, keepdim=k)), ('ReduceMean', lambda x, a, k: x.mean(a, keepdim=k)),
                     ('ReduceMax', lambda x, a, k: x.amax(a, keepdim=k)), ('ReduceMin', lambda x, a, k: x.amin(a, keepdim=k)),
                     ('ReduceL2', lambda x, a, k: (x * x).sum(a, keepdim=k).sqrt()), ('ReduceSumSquare', lambda x, a, k: (x * x).sum(a, keepdim=k))):
    for axes in ((1,), (0, -1), (2,)):
        for keep in (0, 1):
            case(f'axes {list(axes)}, keepdims {keep}', op, [apart(2, 3, 4), ints(*axes)], lambda x, a, f=function, axes=axes, keep=keep: f(x, axes, bool(keep)), keepdims=keep)
    case('all axes', op, [apart(2, 3)], lambda x, f=function: f(x, (0, 1), False), keepdims=0)
case('ties in equal parts', 'ReduceMax', [np.float32([[1, 1, 0], [2, 0, 2]]), ints(1)], lambda x, a: x.amax(1, keepdim=True), check=False)
case('no axes, noop', 'ReduceSum', [draw(2, 3), ints()], lambda x, a: x * 1, noop_with_empty_axes=1)

# Shape ---------------------------------------------------------------------------------------------------------------

case('to a matrix', 'Reshape', [draw(2, 3, 4), ints(2, -1)], lambda x, s: x.reshape(2, -1))
case('with a zero', 'Reshape', [draw(2, 3, 4), ints(0, 2, -1)], lambda x, s: x.reshape(2, 2, 6))
case('axis 2', 'Flatten', [draw(2, 3, 4, 2)], lambda x: x.reshape(6, 8), axis=2)
case('axes', 'Squeeze', [draw(2, 1, 3, 1), ints(1, -1)], lambda x, a: x.reshape(2, 3))
case('all', 'Squeeze', [draw(2, 1, 3)], lambda x: x.reshape(2, 3))
case('axes', 'Unsqueeze', [draw(2, 3), ints(0, -1)], lambda x, a: x.reshape(1, 2, 3, 1))
case('reversed', 'Transpose', [draw(2, 3, 4)], lambda x: x.permute(2, 1, 0))
case('cycle', 'Transpose', [draw(2, 3, 4)], lambda x: x.permute(1, 2, 0), perm=[1, 2, 0])
case('broadcast', 'Expand', [draw(3, 1), ints(2, 3, 4)], lambda x, s: x.expand(2, 3, 4))
case('kept ones', 'Expand', [draw(2, 3, 1), ints(3, 4)], lambda x, s: x.expand(2, 3, 4))
case('three axes', 'Tile', [draw(2, 1, 3), ints(2, 3, 1)], lambda x, r: x.repeat(2, 3, 1))

# Indexing ------------------------------------------------------------------------------------------------------------

case('axis 1', 'Concat', [draw(2, 3), draw(2, 1), draw(2, 4)], lambda a, b, c: torch.cat((a, b, c), 1), axis=1)
case('axis -1', 'Concat', [draw(2, 3), draw(2, 2)], lambda a, b: torch.cat((a, b), -1), axis=-1)
case('unequal parts', 'Split', [draw(2, 7), ints(2, 1, 4)], lambda x, s: tuple(torch.split(x, (2, 1, 4), 1)), outputs=3, axis=1)
case('equal parts', 'Split', [draw(4, 3)], lambda x: tuple(torch.split(x, 2, 0)), outputs=2, num_outputs=2)
case('range', 'Slice', [draw(4, 5), ints(1, 2), ints(3, 5)], lambda x, s, e: x[1:3, 2:5])
case('stride 2 of both axes', 'Slice', [draw(2, 3, 6, 7), ints(0, 0), ints(2 ** 62, 2 ** 62), ints(2, 3), ints(2, 2)], lambda x, *_: x[:, :, ::2, ::2])
case('offset and stride 3', 'Slice', [draw(2, 11), ints(1), ints(10), ints(1), ints(3)], lambda x, *_: x[:, 1:10:3])
case('negative bounds', 'Slice', [draw(3, 6), ints(-4), ints(-1), ints(-1)], lambda x, *_: x[:, -4:-1])
case('backwards', 'Slice', [draw(3, 6), ints(-1), ints(-(2 ** 62)), ints(1), ints(-2)], lambda x, *_: x.flip(1)[:, ::2])
case('vector of indices', 'Gather', [draw(5, 3), ints(4, 0, 4, -1)], lambda x, i: x[[4, 0, 4, -1]])
case('matrix of indices, axis 1', 'Gather', [draw(2, 4, 3), np.array([[0, 1], [3, 3]], np.int64)], lambda x, i: x[:, i], axis=1)
case('scalar index', 'Gather', [draw(2, 4, 3), np.array(1, np.int64)], lambda x, i: x[:, 1], axis=1)
case('constant', 'Pad', [draw(2, 3, 4), ints(0, 1, 2, 0, 0, 3)], lambda x, p: F.pad(x, (2, 3, 1, 0)))
case('constant, negative', 'Pad', [draw(3, 5), ints(0, -1, 1, 2)], lambda x, p: F.pad(x, (-1, 2, 0, 1)))
case('constant, axes', 'Pad', [draw(2, 3, 4), ints(1, 2), np.array(0, np.float32), ints(-1)], lambda x, *_: F.pad(x, (1, 2)), fixed=(2,))
case('reflect', 'Pad', [draw(1, 2, 4, 5), ints(0, 0, 2, 1, 0, 0, 1, 3)], lambda x, p: F.pad(x, (1, 3, 2, 1), mode='reflect'), mode='reflect')
case('edge', 'Pad', [draw(1, 2, 4, 5), ints(0, 0, 2, 1, 0, 0, 1, 3)], lambda x, p: F.pad(x, (1, 3, 2, 1), mode='replicate'), mode='edge')
case('wrap', 'Pad', [draw(1, 2, 4, 5), ints(0, 0, 2, 1, 0, 0, 1, 3)], lambda x, p: F.pad(x, (1, 3, 2, 1), mode='circular'), mode='wrap')

# Resizing ------------------------------------------------------------------------------------------------------------

two = np.float32([1, 1, 2, 2])
case('nearest, twice', 'Resize', [draw(2, 2, 3, 4), None, two], lambda x, *_: F.interpolate(x, scale_factor=2, mode='nearest'),
     fixed=(2,), mode='nearest', coordinate_transformation_mode='asymmetric', nearest_mode='floor')
case('nearest to a size', 'Resize', [draw(2, 2, 3, 4), None, None, ints(2, 2, 7, 5)], lambda x, *_: F.interpolate(x, size=(7, 5), mode='nearest'),
     mode='nearest', coordinate_transformation_mode='asymmetric', nearest_mode='floor')
case('linear, twice', 'Resize', [draw(2, 2, 3, 4), None, two], lambda x, *_: F.interpolate(x, scale_factor=2, mode='bilinear'), fixed=(2,), mode='linear')
case('linear to a smaller size', 'Resize', [draw(2, 2, 7, 6), None, None, ints(2, 2, 4, 5)], lambda x, *_: F.interpolate(x, size=(4, 5), mode='bilinear'), mode='linear')
case('linear, corners aligned', 'Resize', [draw(2, 2, 3, 4), None, None, ints(2, 2, 7, 9)],
     lambda x, *_: F.interpolate(x, size=(7, 9), mode='bilinear', align_corners=True), mode='linear', coordinate_transformation_mode='align_corners')
case('cubic', 'Resize', [draw(1, 2, 5, 4), None, None, ints(1, 2, 8, 7)], lambda x, *_: F.interpolate(x, size=(8, 7), mode='bicubic'), mode='cubic', cubic_coeff_a=-0.75)

out = pathlib.Path(__file__).parent.parent / 'src/gradients/reference/operators.json'
out.write_text(json.dumps({'source': f'PyTorch {torch.__version__} float64, tools/gradient-reference.py', 'cases': CASES}, separators=(',', ':')).replace('{"name"', '\n{"name"') + '\n')
print(len(CASES), 'cases,', out.stat().st_size, 'bytes')

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
    kind = {'float32': 'float32', 'int64': 'int64', 'int32': 'int32', 'bool': 'bool'}[str(array.dtype)]
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
    return {'kind': 'floats' if any(isinstance(v, float) for v in value) else 'ints', 'value': list(value)}


def case(name, op, inputs, reference, outputs=1, check=True, fixed=(), domain='', opset=0, runs=True, **attributes):
    """inputs: arrays, or None for one left out. reference: function of the float inputs as float64 tensors (others as they are).
    fixed: positions of float inputs that are constants of the graph and not differentiated by. opset: of the operator, where that is not
    the working one. runs: whether ONNX Runtime's CPU kernels have the operator as it is, so that its loss can be compared as well."""
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
        'name': name, 'opType': op, **({'domain': domain} if domain else {}), **({'opset': opset} if opset else {}),
        **({'loss': loss.item()} if (domain or opset) and runs else {}),
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

# Windows far larger than the image, or than the stride's worth of it -------------------------------------------------

case('window far larger than the image', 'AveragePool', [draw(2, 3, 5, 6)], lambda x: x.mean((2, 3), keepdim=True).expand(2, 3, 1, 1),
     kernel_shape=[300, 2 ** 12], auto_pad='SAME_UPPER', strides=[400, 2 ** 12])
case('large, overlapping, frame counted', 'AveragePool', [draw(1, 2, 20, 19)], lambda x: F.avg_pool2d(x, 18, 1, 9, count_include_pad=True),
     kernel_shape=[18, 18], pads=[9, 9, 9, 9], count_include_pad=1)
case('large, frame not counted', 'AveragePool', [draw(1, 2, 20, 19)], lambda x: F.avg_pool2d(x, 18, 3, 9, count_include_pad=False),
     kernel_shape=[18, 18], pads=[9, 9, 9, 9], strides=[3, 3])
case('large, ceil_mode', 'AveragePool', [draw(1, 2, 23, 22)], lambda x: F.avg_pool2d(x, 17, 4, ceil_mode=True),
     kernel_shape=[17, 17], strides=[4, 4], ceil_mode=1)
case('dilated', 'AveragePool', [draw(1, 2, 7, 8)],
     lambda x: sum(x[:, :, i:i + 5, j:j + 5] for i in (0, 2) for j in (0, 3)) / 4, kernel_shape=[2, 2], dilations=[2, 3])
case('stride 9', 'AveragePool', [draw(1, 2, 20, 20)], lambda x: F.avg_pool2d(x, 3, 9), kernel_shape=[3, 3], strides=[9, 9])
case('window of half the image twice', 'AveragePool', [draw(1, 2, 40)], lambda x: F.avg_pool1d(x, 20, 20), kernel_shape=[20], strides=[20])
for p in (1, 2, 3):
    case(f'p {p}', 'LpPool', [apart(2, 2, 5, 6)], lambda x, p=p: F.lp_pool2d(x.abs(), p, 3, 2), kernel_shape=[3, 3], strides=[2, 2], p=p)
    case(f'p {p}', 'GlobalLpPool', [apart(2, 2, 3, 4)], lambda x, p=p: (x.abs() ** p).sum((2, 3), keepdim=True) ** (1 / p), p=p)
case('framed', 'LpPool', [apart(1, 2, 4, 4)], lambda x: F.lp_pool2d(F.pad(x.abs() + 0, (1, 1, 1, 1)), 2, 3, 1), kernel_shape=[3, 3], pads=[1, 1, 1, 1], p=2)
case('1-D', 'LpPool', [apart(2, 2, 9)], lambda x: F.lp_pool1d(x.abs(), 2, 4, 3), kernel_shape=[4], strides=[3])
conv('kernel larger than the image', draw(1, 2, 4, 5), draw(3, 2, 9, 11), pads=[4, 5, 4, 5])
conv('kernel larger than the image, strided', draw(1, 2, 4, 5), draw(3, 2, 9, 11), pads=[6, 6, 6, 6], strides=[3, 2])
conv('kernel mostly in the frame', draw(1, 2, 3, 3), draw(2, 2, 5, 5), pads=[8, 2, 0, 7], strides=[2, 3])
conv('patches of 8', draw(2, 3, 16, 25), draw(4, 3, 8, 8), strides=[8, 8])
conv('stride 7, framed', draw(1, 2, 22, 23), draw(2, 2, 9, 5), strides=[7, 7], pads=[3, 2, 1, 0])
conv('stride 6, two groups', draw(1, 4, 14, 13), draw(4, 2, 6, 6), strides=[6, 6], group=2)

# Einsum --------------------------------------------------------------------------------------------------------------

for equation, shapes in (('ij,jk->ik', [(2, 3), (3, 4)]), ('bhqd,bhkd->bhqk', [(2, 2, 3, 4), (2, 2, 5, 4)]), ('bchw,ck->bkhw', [(2, 3, 2, 2), (3, 4)]),
                         ('ij->ji', [(2, 3)]), ('ij->i', [(2, 3)]), ('ij->', [(2, 3)]), ('ii->i', [(3, 3)]), ('ii->', [(3, 3)]), ('bii,bj->bj', [(2, 3, 3), (2, 4)]),
                         ('i,j->ij', [(3,), (4,)]), ('i,i->', [(3,), (3,)]), ('...ij,...jk->...ik', [(2, 3, 4), (2, 4, 5)]), ('...ij,jk', [(2, 3, 4), (4, 5)]),
                         ('b...d,d->b...', [(2, 3, 4, 5), (5,)]), ('ij,jk,kl->il', [(2, 3), (3, 4), (4, 2)]), ('ba,ac', [(2, 3), (3, 4)]), ('abc,cd->a', [(2, 3, 4), (4, 5)]),
                         ('...ij,...jk->...ik', [(1, 3, 4), (2, 4, 5)])):
    case(f'{equation} of {shapes}', 'Einsum', [draw(*shape) for shape in shapes], lambda *x, e=equation: torch.einsum(e, *x), equation=equation)

# More functions ------------------------------------------------------------------------------------------------------

unit = draw(3, 4, low=-0.9, high=0.9)
for op in ('Sin', 'Cos', 'Tan', 'Sinh', 'Cosh', 'Atan', 'Asinh', 'Asin', 'Acos', 'Atanh'):
    case('between -0.9 and 0.9', op, [unit], getattr(torch, op.lower()))
case('above 1', 'Acosh', [draw(3, 4, low=1.2, high=3)], torch.acosh)
case('line', 'Softsign', [line], F.softsign)
case('line', 'Celu', [line], lambda x: F.celu(x, 1.5), alpha=1.5)
case('line', 'Mish', [line], F.mish)
case('line', 'ThresholdedRelu', [line], lambda x: torch.where(x > 1.5, x, 0 * x), alpha=1.5)
case('line', 'Shrink', [line], lambda x: torch.where(x < -1.5, x + 0.4, torch.where(x > 1.5, x - 0.4, 0 * x)), lambd=1.5, bias=0.4)
for axes in ((1,), (0, -1)):
    for keep in (0, 1):
        def prod(x, axes, keep):
            for axis in sorted((a % x.ndim for a in axes), reverse=True):
                x = x.prod(axis, keepdim=keep)
            return x
        for op, function in (('ReduceL1', lambda x, a, k: x.abs().sum(a, keepdim=k)), ('ReduceLogSumExp', lambda x, a, k: torch.logsumexp(x, a, keepdim=k)), ('ReduceProd', prod)):
            case(f'axes {list(axes)}, keepdims {keep}', op, [apart(2, 3, 4), ints(*axes)], lambda x, a, f=function, axes=axes, keep=keep: f(x, axes, bool(keep)), keepdims=keep)
        case(f'axes {list(axes)}, keepdims {keep}', 'ReduceLogSum', [draw(2, 3, 4, low=0.5), ints(*axes)], lambda x, a, axes=axes, keep=keep: x.sum(axes, keepdim=bool(keep)).log(), keepdims=keep)
case('no, one and two zeros', 'ReduceProd', [np.float32([[2, 3, -4], [5, 0, 3], [0, 0, 7]]), ints(1)], lambda x, a: x.prod(1, keepdim=True))
case('p 2', 'LpNormalization', [draw(2, 5)], lambda x: F.normalize(x, dim=-1))
case('p 1, axis 1', 'LpNormalization', [apart(2, 3, 4)], lambda x: F.normalize(x, p=1, dim=1), axis=1, p=1)
case('default axes', 'MeanVarianceNormalization', [draw(2, 3, 3, 4)], lambda x: (x - x.mean((0, 2, 3), keepdim=True)) / x.std((0, 2, 3), keepdim=True, unbiased=False))
case('one axis', 'MeanVarianceNormalization', [draw(2, 5)], lambda x: (x - x.mean(1, keepdim=True)) / x.std(1, keepdim=True, unbiased=False), axes=[1])
case('DCR', 'DepthToSpace', [draw(2, 8, 2, 3)], lambda x: x.reshape(2, 2, 2, 2, 2, 3).permute(0, 3, 4, 1, 5, 2).reshape(2, 2, 4, 6), blocksize=2)
case('CRD', 'DepthToSpace', [draw(2, 8, 2, 3)], lambda x: F.pixel_shuffle(x, 2), blocksize=2, mode='CRD')
case('blocks of 2', 'SpaceToDepth', [draw(2, 3, 4, 6)], lambda x: x.reshape(2, 3, 2, 2, 3, 2).permute(0, 3, 5, 1, 2, 4).reshape(2, 12, 2, 3), blocksize=2)
picks = np.array([[0, 2, 0], [1, 1, -1]], np.int64)
case('axis 1', 'GatherElements', [draw(2, 4), picks], lambda x, i: torch.gather(x, 1, i % 4), axis=1)
case('fewer rows', 'GatherElements', [draw(3, 3), np.array([[2, 0, 2]], np.int64)], lambda x, i: torch.gather(x, 0, i), axis=0)
case('single elements', 'GatherND', [draw(2, 3), np.array([[0, 1], [1, 2], [0, 1]], np.int64)], lambda x, i: x[i[:, 0], i[:, 1]])
case('rows', 'GatherND', [draw(2, 3, 4), np.array([[[1]], [[0]]], np.int64)], lambda x, i: x[i[..., 0]])
case('replaced', 'ScatterElements', [draw(2, 4), np.array([[0, 2], [3, 1]], np.int64), draw(2, 2)], lambda x, i, u: x.scatter(1, i, u), axis=1)
case('added', 'ScatterElements', [draw(2, 4), np.array([[0, 0], [3, 1]], np.int64), draw(2, 2)], lambda x, i, u: x.scatter_add(1, i, u), axis=1, reduction='add')
case('replaced', 'ScatterND', [draw(4, 3), np.array([[2], [0]], np.int64), draw(2, 3)], lambda x, i, u: x.index_put((i[:, 0],), u))
case('added', 'ScatterND', [draw(4, 3), np.array([[2], [2]], np.int64), draw(2, 3)], lambda x, i, u: x.index_put((i[:, 0],), u, accumulate=True), reduction='add')
case('largest two', 'TopK', [apart(3, 5), ints(2)], lambda x, k: x.topk(2, -1).values)
case('smallest along axis 0', 'TopK', [apart(4, 3), ints(2)], lambda x, k: x.topk(2, 0, largest=False).values, axis=0, largest=0)
case('forwards', 'CumSum', [draw(2, 4), np.array(1, np.int64)], lambda x, a: x.cumsum(1))
case('exclusive, backwards', 'CumSum', [draw(2, 4), np.array(1, np.int64)], lambda x, a: x.flip(1).cumsum(1).flip(1) - x, exclusive=1, reverse=1)
case('lower', 'Trilu', [draw(3, 4)], lambda x: x.tril(), upper=0)
case('upper from 1', 'Trilu', [draw(2, 3, 4), np.array(1, np.int64)], lambda x, k: x.triu(1))

# Operators of later opsets -------------------------------------------------------------------------------------------

def heads(x, n):
    return x if x.ndim == 4 else x.unflatten(-1, (n, -1)).transpose(1, 2)


def attention(name, q, k, v, mask=None, scale=None, softcap=0.0, causal=False, nq=0, nk=0, opset=23):
    extra = {**({'q_num_heads': nq, 'kv_num_heads': nk} if nq else {}), **({'scale': scale} if scale else {}),
             **({'softcap': softcap} if softcap else {}), **({'is_causal': 1} if causal else {})}

    def reference(q, k, v, m=None):
        flat = q.ndim == 3
        q, k, v = heads(q, nq), heads(k, nk), heads(v, nk)
        k, v = (x.repeat_interleave(q.shape[1] // k.shape[1], 1) for x in (k, v))
        s = q @ k.mT * (scale or q.shape[-1] ** -0.5)
        s = softcap * torch.tanh(s / softcap) if softcap else s
        if m is not None:
            s = s.masked_fill(~m, -torch.inf) if m.dtype == torch.bool else s + m
        if causal:
            s = s + torch.full(s.shape[-2:], -torch.inf, dtype=s.dtype).triu(1)
        y = s.softmax(-1) @ v
        return y.transpose(1, 2).flatten(2) if flat else y
    case(name, 'Attention', [q, k, v] + ([] if mask is None else [mask]), reference, opset=opset, **extra)


allowed = np.array([[True, False, True], [True, True, True], [False, False, True]])
attention('4-D', draw(2, 2, 3, 4), draw(2, 2, 5, 4), draw(2, 2, 5, 3))
attention('3-D', draw(2, 3, 8), draw(2, 5, 8), draw(2, 5, 6), nq=2, nk=2)
attention('grouped heads, 3-D', draw(2, 3, 8), draw(2, 3, 4), draw(2, 3, 4), nq=4, nk=2)
attention('grouped heads, 4-D', draw(1, 4, 3, 2), draw(1, 2, 3, 2), draw(1, 2, 3, 2))
attention('boolean mask', draw(1, 2, 3, 4), draw(1, 2, 3, 4), draw(1, 2, 3, 4), mask=allowed)
attention('additive mask', draw(1, 2, 3, 4), draw(1, 2, 3, 4), draw(1, 2, 3, 4), mask=draw(1, 2, 3, 3))
attention('causal, scale, softcap', draw(1, 2, 3, 4), draw(1, 2, 3, 4), draw(1, 2, 3, 4), causal=True, scale=0.7, softcap=1.5)
attention('opset 24', draw(1, 2, 3, 4), draw(1, 2, 3, 4), draw(1, 2, 3, 4), opset=24)


def rms(x, w, axes, eps):
    return x / torch.sqrt((x * x).mean(axes, keepdim=True) + eps) * w


case('last axis', 'RMSNormalization', [draw(2, 3, 6), draw(6)], lambda x, w: rms(x, w, (-1,), 1e-5), opset=23)
case('two axes', 'RMSNormalization', [draw(2, 3, 4), draw(3, 4)], lambda x, w: rms(x, w, (1, 2), 1e-3), opset=23, axis=1, epsilon=1e-3)
case('alpha 1', 'Swish', [line], F.silu, opset=24)
case('alpha 1.5', 'Swish', [line], lambda x: x * torch.sigmoid(1.5 * x), opset=24, alpha=1.5)


def rotary(x, cos, sin, n=0, size=0, interleaved=False):
    flat = x.ndim == 3
    x = heads(x, n)
    turned, rest = (x[..., :size], x[..., size:]) if size else (x, x[..., :0])
    one, two = (turned[..., 0::2], turned[..., 1::2]) if interleaved else turned.chunk(2, -1)
    cos, sin = cos.unsqueeze(1), sin.unsqueeze(1)
    real, imaginary = cos * one - sin * two, sin * one + cos * two
    pairs = torch.stack((real, imaginary), -1).flatten(-2) if interleaved else torch.cat((real, imaginary), -1)
    y = torch.cat((pairs, rest), -1)
    return y.transpose(1, 2).flatten(2) if flat else y


case('halves, 4-D', 'RotaryEmbedding', [draw(2, 2, 3, 4), draw(2, 3, 2), draw(2, 3, 2)], rotary, fixed=(1, 2), opset=23)
case('interleaved, 3-D', 'RotaryEmbedding', [draw(2, 3, 8), draw(2, 3, 2), draw(2, 3, 2)], lambda x, c, s: rotary(x, c, s, 2, 0, True),
     fixed=(1, 2), opset=23, num_heads=2, interleaved=1)
case('partly, by positions', 'RotaryEmbedding', [draw(1, 2, 3, 6), draw(5, 2), draw(5, 2), np.array([[4, 0, 2]], np.int64)],
     lambda x, c, s, i: rotary(x, c[i], s[i], 0, 4), fixed=(1, 2), opset=23, rotary_embedding_dim=4)

# Operators that ONNX Runtime's and transformers' optimizers fuse --------------------------------------------------------

MS = 'com.microsoft'
case('exact', 'Gelu', [line], F.gelu, domain=MS)
case('vector', 'BiasGelu', [draw(2, 3, 4), draw(4)], lambda x, b: F.gelu(x + b), domain=MS)
case('bias', 'FastGelu', [draw(2, 3, 4), draw(4)], lambda x, b: F.gelu(x + b, approximate='tanh'), domain=MS)
case('no bias', 'FastGelu', [line], lambda x: F.gelu(x, approximate='tanh'), domain=MS)
case('default alpha', 'QuickGelu', [line], lambda x: x * torch.sigmoid(1.702 * x), domain=MS)
case('alpha 1', 'QuickGelu', [line], F.silu, domain=MS, alpha=1.0)
case('halves', 'BiasSplitGelu', [draw(2, 3, 8), draw(8)], lambda x, b: (x + b)[..., :4] * F.gelu((x + b)[..., 4:]), domain=MS, runs=False)
case('skip', 'BiasAdd', [draw(2, 3, 4), draw(4), draw(2, 3, 4)], lambda x, b, s: x + b + s, domain=MS, runs=False)
case('matrix', 'GemmFastGelu', [draw(2, 3, 4), draw(4, 5), draw(5)], lambda x, w, b: F.gelu(x @ w + b, approximate='tanh'), domain=MS, runs=False)
case('all inputs', 'SkipLayerNormalization', [draw(2, 3, 6), draw(2, 3, 6), draw(6), draw(6), draw(6)],
     lambda x, s, w, b, c: F.layer_norm(x + s + c, (6,), w, b, 1e-5), domain=MS, epsilon=1e-5)
case('no bias', 'SkipLayerNormalization', [draw(2, 3, 6), draw(2, 3, 6), draw(6)], lambda x, s, w: F.layer_norm(x + s, (6,), w, None, 1e-12), domain=MS)
case('one skip for all', 'SkipLayerNormalization', [draw(2, 3, 6), draw(1, 3, 6), draw(6), draw(6)], lambda x, s, w, b: F.layer_norm(x + s, (6,), w, b, 1e-12), domain=MS)
case('bias', 'SkipSimplifiedLayerNormalization', [draw(2, 3, 6), draw(2, 3, 6), draw(6), draw(6)], lambda x, s, w, b: rms(x + s + b, w, (-1,), 1e-5), domain=MS, epsilon=1e-5)
case('last axis', 'SimplifiedLayerNormalization', [draw(2, 3, 6), draw(6)], lambda x, w: rms(x, w, (-1,), 1e-4), opset=20, epsilon=1e-4, axis=-1)
case('Relu and a sum', 'FusedConv', [draw(1, 2, 5, 5), draw(3, 2, 3, 3), draw(3), draw(1, 3, 5, 5)],
     lambda x, w, b, z: F.relu(F.conv2d(x, w, b, padding=1) + z), domain=MS, pads=[1, 1, 1, 1], activation='Relu')
case('LeakyRelu', 'FusedConv', [draw(1, 2, 5, 5), draw(3, 2, 3, 3)], lambda x, w: F.leaky_relu(F.conv2d(x, w), 0.3), domain=MS, activation='LeakyRelu', activation_params=[0.3])
case('Clip', 'FusedConv', [draw(1, 2, 5, 5), draw(3, 2, 3, 3)], lambda x, w: F.conv2d(x, w).clamp(-1.5, 2.5), domain=MS, activation='Clip', activation_params=[-1.5, 2.5])
case('HardSigmoid', 'FusedConv', [draw(1, 2, 4, 4), draw(3, 2, 3, 3)], lambda x, w: (0.1 * F.conv2d(x, w) + 0.4).clamp(0, 1), domain=MS, activation='HardSigmoid', activation_params=[0.1, 0.4])
case('Relu', 'FusedGemm', [draw(3, 4), draw(5, 4), draw(5)], lambda a, b, c: F.relu(0.5 * a @ b.T + c), domain=MS, transB=1, alpha=0.5, activation='Relu')
case('LeakyRelu', 'FusedGemm', [draw(3, 4), draw(4, 5)], lambda a, b: F.leaky_relu(a @ b, 0.2), domain=MS, activation='LeakyRelu', activation_alpha=0.2)
case('transposed, scaled', 'FusedMatMul', [draw(2, 4, 3), draw(2, 5, 4)], lambda a, b: 0.3 * a.mT @ b.mT, domain=MS, transA=1, transB=1, alpha=0.3)
case('plain', 'FusedMatMul', [draw(2, 3, 4), draw(4, 5)], lambda a, b: 2 * a @ b, domain=MS, alpha=2.0)
case('plain', 'BiasSoftmax', [draw(2, 3, 4), draw(1, 3, 4)], lambda x, b: F.softmax(x + b, -1), domain=MS, axis=2, is_inner_broadcast=0, runs=False)


def fused(q, k, v, n, bias=0, scale=None):
    q, k, v = heads(q, n), heads(k, n), heads(v, n)
    return (((q @ k.mT) * (scale or q.shape[-1] ** -0.5) + bias).softmax(-1) @ v).transpose(1, 2).flatten(2)


case('plain', 'Attention', [draw(2, 3, 5), draw(5, 24), draw(24)], lambda x, w, b: fused(*(x @ w + b).chunk(3, -1), 2), domain=MS, num_heads=2)
case('mask', 'Attention', [draw(2, 3, 5), draw(5, 24), draw(24), np.array([[1, 1, 0], [1, 1, 1]], np.int32)],
     lambda x, w, b, m: fused(*(x @ w + b).chunk(3, -1), 2, -10000.0 * (1 - m[:, None, None, :].double())), domain=MS, num_heads=2)
case('sizes, scale, bias of the scores', 'Attention', [draw(2, 3, 5), draw(5, 22), draw(22), None, None, draw(2, 2, 3, 3)],
     lambda x, w, b, _, __, r: fused(*(x @ w + b).split((8, 8, 6), -1), 2, r, 0.4), domain=MS, num_heads=2, qkv_hidden_sizes=[8, 8, 6], scale=0.4)
case('plain', 'MultiHeadAttention', [draw(2, 3, 8), draw(2, 4, 8), draw(2, 4, 6)], lambda q, k, v: fused(q, k, v, 2), domain=MS, num_heads=2)
case('bias', 'MultiHeadAttention', [draw(2, 3, 8), draw(2, 4, 8), draw(2, 4, 8), draw(24)],
     lambda q, k, v, b: fused(q + b[:8], k + b[8:16], v + b[16:], 2), domain=MS, num_heads=2)

where = np.array([[4, 0, 2], [1, 3, 0]], np.int64)
case('halves, 3-D', 'RotaryEmbedding', [draw(2, 3, 8), where, draw(5, 2), draw(5, 2)], lambda x, i, c, s: rotary(x, c[i], s[i], 2), fixed=(2, 3), domain=MS)
case('interleaved, 4-D', 'RotaryEmbedding', [draw(2, 2, 3, 4), where, draw(5, 2), draw(5, 2)], lambda x, i, c, s: rotary(x, c[i], s[i], interleaved=True),
     fixed=(2, 3), domain=MS, interleaved=1)
case('blocks of 2x3', 'Col2Im', [draw(2, 12, 6), ints(4, 5), ints(2, 3)], lambda x, i, b: F.fold(x, (4, 5), (2, 3), stride=(2, 1)), strides=[2, 1])
case('framed, dilated', 'Col2Im', [draw(1, 8, 12), ints(4, 5), ints(2, 2)], lambda x, i, b: F.fold(x, (4, 5), 2, dilation=(2, 1), padding=(0, 1), stride=(1, 1)),
     dilations=[2, 1], pads=[0, 1, 0, 1])

out = pathlib.Path(__file__).parent.parent / 'src/gradients/reference/operators.json'
out.write_text(json.dumps({'source': f'PyTorch {torch.__version__} float64, tools/gradient-reference.py', 'cases': CASES}, separators=(',', ':')).replace('{"name"', '\n{"name"') + '\n')
print(len(CASES), 'cases,', out.stat().st_size, 'bytes')

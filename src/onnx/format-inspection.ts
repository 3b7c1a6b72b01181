import { visible } from '../errors/visible.ts';
import type { Dimension, ValueInfo } from './graph.ts';
import type { Inspection } from './inspect.ts';
import { formatCount } from '../notation/numbers.ts';

/** An inspection as aligned lines for a terminal, without a line break at the end. */
export function formatInspection(inspection: Inspection): string {
  const { '': opset, ...domains } = inspection.opsets;
  const versions = [
    `ONNX opset ${opset ?? 'not said'}`,
    ...Object.entries(domains).map(([domain, version]) => `${domain} ${version}`),
    `IR version ${inspection.irVersion}`,
  ];
  const rows: [string, string[]][] = [
    ['inputs', inspection.inputs.map(describeValue)],
    ['outputs', inspection.outputs.map(describeValue)],
    ['parameters', [formatCount(inspection.parameters)]],
    [
      'multiply-adds',
      [
        inspection.multiplyAdds === null
          ? 'unknown: they depend on sizes that are left free'
          : `${formatCount(inspection.multiplyAdds)} for one image`,
      ],
    ],
    ['operators', inspection.operators.map(({ operator, count }) => `${String(count).padStart(4)} ${operator}`)],
    ['versions', [versions.join(', ')]],
    ['producer', [inspection.producer || 'not said']],
    ['metadata', Object.entries(inspection.metadata).map(([key, value]) => `${key}: ${value}`)],
  ];
  const width = rows.reduce((widest, [label]) => Math.max(widest, label.length), 0) + 2;
  return rows
    .flatMap(([label, lines]) => lines.map((line, i) => (i === 0 ? label : '').padEnd(width) + visible(line)))
    .join('\n');
}

function describeValue({ name, type, shape }: ValueInfo): string {
  const dimensions = shape === undefined ? 'of unknown shape' : `[${shape.map(describeDimension).join(', ')}]`;
  return `${name}: ${type} ${dimensions}`;
}

function describeDimension(dimension: Dimension): string {
  return dimension === null ? '?' : String(dimension);
}

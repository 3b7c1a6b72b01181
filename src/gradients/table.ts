import { FUSIONS } from '../onnx/expansions/fusions.ts';
import { LATER_OPERATORS } from '../onnx/upgrade/operators.ts';
import { FAMILIES } from './registry.ts';
import type { Rule } from './rule.ts';

function row({ opType, formula, limits }: Rule): string {
  return `| ${opType} | ${formula.replaceAll('|', '\\|')} | ${limits ?? ''} |`;
}

/** The covered operators as Markdown: one table for each family, made from the rules themselves. */
export function operatorTable(): string {
  const sections = Object.entries(FAMILIES).map(([family, rules]) => {
    if (rules.every((rule) => rule.inputs.length === 0))
      return (
        `## ${family}\n\nThe gradient ends at these; they may stand anywhere in a ` +
        `graph.\n\n${rules.map((rule) => rule.opType).join(', ')}`
      );
    return `## ${family}\n\n| operator | gradient | limits |\n|---|---|---|\n${rules.map(row).join('\n')}`;
  });
  return `# Operators with a gradient

What \`differentiate\` covers, for models of opset 7 and later. In the formulas g is the gradient by the
output y, \`[…]\` is 1 where the condition holds and 0 elsewhere. Any other operator on the way from the images to the
scores is refused by name, with the nodes that use it; elsewhere in the graph it does not matter.

This page is made from the rules in \`src/gradients/rules\`; a test keeps it in step
(\`npx vitest run dist/gradients/table.test.js --update\` writes it anew after a build).

${sections.join('\n\n')}

## Written with other operators

These are first written with operators above: those of later opsets (${Object.keys(LATER_OPERATORS).join(', ')}),
and those that ONNX Runtime's and transformers' optimizers fuse: ${[...FUSIONS.keys()].join(', ')}.

Not covered: caches of keys and values, packed queries, keys and values, masks of lengths; recurrent operators
(LSTM, GRU, RNN), operators with inner graphs (If, Loop, Scan) and operators that compute with quantised numbers
(QLinearConv, MatMulInteger and the like).
`;
}

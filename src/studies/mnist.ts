import { PAPER_COLUMNS, protocolRows } from './protocol.ts';
import type { Study } from './study.ts';

const PAPER = 'Engstrom et al., ICML 2019';

/** The paper's MNIST rows. */
export const mnistStudy: Study = {
  name: 'mnist',
  title: 'MNIST by the protocol of Engstrom et al.',
  data: 'mnist',
  columns: PAPER_COLUMNS,
  classifiers: ['standard', 'w10-30', 'w10-40', 'aug-30', 'aug-40', 'linf'].map((name) => ({ name, recipe: `mnist/${name}` })),
  rows: [
    ...protocolRows('standard', 'Standard', {
      alone: [{ source: PAPER, accuracies: { natural: { value: 0.9931 }, 'worst-of-10': { value: 0.7332 }, grid: { value: 0.26, secondHand: true } } }],
    }),
    ...protocolRows('aug-30', 'Aug 30'),
    ...protocolRows('aug-40', 'Aug 40'),
    ...protocolRows('w10-30', 'W-10 (30)'),
    ...protocolRows('w10-40', 'W-10 (40)'),
    ...protocolRows('linf', 'l∞-trained'),
  ],
};

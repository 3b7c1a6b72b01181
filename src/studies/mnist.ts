import { FIRST_ORDER_PART, FORWARD_PART, PAPER_COLUMNS, protocolRows, trainedBy } from './protocol.ts';
import type { Study } from './study.ts';

const PAPER = 'Engstrom et al., ICML 2019';

const rows = protocolRows([FORWARD_PART, FIRST_ORDER_PART], 1000);

/** The paper's MNIST rows. */
export const mnistStudy: Study = {
  name: 'mnist',
  title: 'MNIST by the protocol of Engstrom et al.',
  data: 'mnist',
  columns: PAPER_COLUMNS,
  classifiers: trainedBy('mnist', ['standard', 'w10-30', 'w10-40', 'aug-30', 'aug-40', 'linf', 'robust']),
  rows: [
    ...rows('standard', 'Standard', {
      alone: [
        {
          source: PAPER,
          accuracies: {
            natural: { value: 0.9931 },
            'worst-of-10': { value: 0.7332 },
            grid: { value: 0.26, secondHand: true },
          },
        },
      ],
    }),
    ...rows('aug-30', 'Aug 30'),
    ...rows('aug-40', 'Aug 40'),
    ...rows('w10-30', 'W-10 (30)'),
    ...rows('w10-40', 'W-10 (40)'),
    ...rows('linf', 'l∞-trained'),
    ...rows('robust', 'Robust'),
  ],
};

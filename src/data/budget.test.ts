import { expect, it } from 'vitest';
import { Budget } from './budget.ts';

it('keeps what is under way below its limit, lets what is larger work alone, and goes on after a failure', async () => {
  const budget = new Budget(10);
  let [spent, most] = [0, 0];
  const order: number[] = [];
  const work = (cost: number) =>
    budget.spend(cost, async () => {
      spent += cost;
      most = Math.max(most, spent > cost ? spent : 0);
      order.push(cost);
      await new Promise((resolve) => setTimeout(resolve, 2));
      spent -= cost;
      if (cost === 7) throw new Error('seven');
    });
  const all = await Promise.allSettled([4, 6, 5, 40, 7, 3, 1].map(work));
  expect(order).toEqual([4, 6, 5, 40, 7, 3, 1]);
  expect(most).toBe(10);
  expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(1);
});

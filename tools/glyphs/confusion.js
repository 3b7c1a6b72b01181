/**
 * Chooses the classes: `node confusion.js`. It draws every digit and capital letter of every family (weight 400 or the
 * nearest above) turned by −30 to 30 degrees, finds for each picture of a test family its nearest neighbour among the
 * pictures of the training families, and takes away, one by one, the character with the most mistakes
 * in the worst pair until no pair of characters is mistaken for each other more often than LIMIT.
 */
import { readFileSync } from 'node:fs';
import { glyphOf, loadFamily } from './fonts.js';
import { render, SIDE } from './render.js';

const CHARACTERS = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const TRAIN_ANGLES = [-30, -15, 0, 15, 30];
const TEST_ANGLES = [-30, -10, 10, 30];
/** Share of the pictures of the two characters of a pair, all angles together. */
const LIMIT = 0.02;

const families = JSON.parse(readFileSync(new URL('families.json', import.meta.url), 'utf8'));
const train = await draw(Object.values(families.train).flat(), TRAIN_ANGLES);
const test = await draw(Object.values(families.test).flat(), TEST_ANGLES);
const byClass = test.map((query) => nearestOfEachClass(query.vector, train));

let kept = CHARACTERS.map((_, label) => label);
for (;;) {
  const { pairs, wrong } = confusions(kept);
  console.log(
    `${kept.length} classes ${kept.map((label) => CHARACTERS[label]).join('')}: ${(100 * wrong).toFixed(2)} % of the pictures are mistaken`,
  );
  console.log(
    '  ' +
      pairs
        .slice(0, 8)
        .map(({ a, b, share }) => `${CHARACTERS[a]}${CHARACTERS[b]} ${(100 * share).toFixed(1)} %`)
        .join(', '),
  );
  if (pairs.length === 0 || pairs[0].share <= LIMIT) break;
  const { a, b } = pairs[0];
  const total = (label) =>
    pairs.filter((pair) => pair.a === label || pair.b === label).reduce((sum, { share }) => sum + share, 0);
  // Of two alike the one that is mistaken for more of the others goes.
  const gone = total(a) > total(b) ? a : b;
  kept = kept.filter((label) => label !== gone);
}

async function draw(ids, angles) {
  const pictures = [];
  for (const id of ids) {
    const family = loadFamily(id);
    const style = family.styles.find(({ weight }) => weight >= 400);
    for (const [label, character] of CHARACTERS.entries()) {
      for (const angle of angles) {
        const pixels = await render(glyphOf(family, style, character), {
          height: 18,
          stretch: 1,
          x: 0,
          y: 0,
          blur: 0.5,
          angle,
        });
        pictures.push({ label, vector: halve(pixels) });
      }
    }
  }
  return pictures;
}

/** 14 × 14 means: a quarter of the work, and tolerant of half a pixel. */
function halve(pixels) {
  const half = SIDE / 2;
  const out = new Float32Array(half * half);
  for (let i = 0; i < pixels.length; i++)
    out[(Math.floor(i / SIDE) >> 1) * half + ((i % SIDE) >> 1)] += pixels[i] / 1020;
  return out;
}

/** Squared distance to the nearest picture of each class. */
function nearestOfEachClass(vector, pictures) {
  const nearest = new Float64Array(CHARACTERS.length).fill(Infinity);
  for (const { label, vector: other } of pictures) {
    const bound = nearest[label];
    let sum = 0;
    for (let i = 0; i < vector.length && sum < bound; i++) {
      const difference = vector[i] - other[i];
      sum += difference * difference;
    }
    if (sum < bound) nearest[label] = sum;
  }
  return nearest;
}

function confusions(labels) {
  const counts = new Map();
  let wrong = 0;
  let pictures = 0;
  for (const [at, { label }] of test.entries()) {
    if (!labels.includes(label)) continue;
    pictures += 1;
    const guess = labels.reduce((best, other) => (byClass[at][other] < byClass[at][best] ? other : best), label);
    if (guess === label) continue;
    wrong += 1;
    const key = `${Math.min(label, guess)},${Math.max(label, guess)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const perPair = (2 * test.length) / CHARACTERS.length;
  const pairs = [...counts].map(([key, count]) => {
    const [a, b] = key.split(',').map(Number);
    return { a, b, share: count / perPair };
  });
  return { pairs: pairs.sort((p, q) => q.share - p.share), wrong: wrong / pictures };
}

import type { ClassifierLandscape } from '../../figures/landscape-data.ts';
import { nothingHappens } from '../../figures/loss-landscape.ts';
import { largestOf } from '../../statistics/extremes.ts';
import type { Made } from '../made.ts';

/** The loss of the same images by two models. */
export interface ModelsReport {
  readonly gimbal: string;
  readonly made?: Made;
  readonly command: string;
  /** Names by which the two are told apart. */
  readonly models: readonly string[];
  /** Name of the data. */
  readonly data: string;
  /** Of each image, and of several the mean of all. */
  readonly landscapes: readonly {
    /** Name of the figure's file beside the report. */
    readonly file: string;
    /** `image 7 (cat)`. */
    readonly name: string;
    /** One for each model. */
    readonly landscapes: readonly ClassifierLandscape[];
  }[];
}

/** What a landscape comes to. */
export interface LandscapeRow {
  readonly landscape: string;
  readonly classifier: string;
  /** Cross-entropy of the image as it is, and the highest one. */
  readonly lossAsItIs: number;
  readonly highestLoss: number;
  /** Share of the points at which the image is classified wrong. */
  readonly wrong: number;
}

/** A row for each landscape of each model. */
export function rowsOf({ landscapes }: Pick<ModelsReport, 'landscapes'>): LandscapeRow[] {
  return landscapes.flatMap(({ name, landscapes: compared }) =>
    compared.map(({ classifier, loss, correct }) => {
      const values = Array.from(loss);
      return {
        landscape: name,
        classifier,
        // The grid of a landscape has the image as it is in its middle.
        lossAsItIs: values[(values.length - 1) / 2],
        highestLoss: largestOf(values),
        wrong: 1 - Array.from(correct).reduce((sum, right) => sum + right, 0) / values.length,
      };
    }),
  );
}

/** Names of the images on which no model is ever wrong, nor near it. */
export function uneventful({ landscapes }: Pick<ModelsReport, 'landscapes'>): string[] {
  return landscapes.flatMap(({ name, landscapes: compared }) => (compared.every(nothingHappens) ? [name] : []));
}

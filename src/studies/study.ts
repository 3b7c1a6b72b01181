import type { AttackSummary } from '../evaluation/records.ts';

/**
 * Several classifiers, each trained by a recipe, and what they are measured under: a paper's table, or a story to tell.
 */
export interface Study {
  readonly name: string;
  /** What it is about, as a heading. */
  readonly title: string;
  /** Where its data come from unless another source is given. */
  readonly data: string;
  /** Its data are nobody's to download: the user has to give them. */
  readonly given?: { readonly what: string };
  /** How images are brought to size, where the user does not say. */
  readonly geometry?: { readonly resize: number; readonly crop: number };
  /** Names of attacks, in the order of the table's columns. */
  readonly columns: readonly string[];
  /** Further tables, of columns that the first has no room for. */
  readonly further?: readonly { readonly title: string; readonly columns: readonly string[] }[];
  /**
   * What the whole may take, in seconds: on a slow machine parts are measured on fewer images. All classifiers and
   * parts need shares.
   */
  readonly seconds?: number;
  /** Its rows take days: they are trained only where they are named. */
  readonly onRequest?: boolean;
  /** In the order in which they are trained. */
  readonly classifiers: readonly TrainedClassifier[];
  readonly rows: readonly StudyRow[];
  /** Rows whose images the report sets against each other: those that fool one and not the other. */
  readonly contrast?: {
    readonly fooled: string;
    readonly robust: string;
    readonly attack: string;
    readonly images: number;
  };
}

/** A classifier of a study, and the recipe that trains it. */
export interface TrainedClassifier {
  /** Its folder in the study's. */
  readonly name: string;
  readonly recipe: string;
  /** Part of the whole study's time that its training takes, in any unit, where that is known: for the time left. */
  readonly share?: number;
}

/** A row of the table: a classifier as it is, or with something added at inference. */
export interface StudyRow {
  readonly name: string;
  readonly title: string;
  /** Name of the classifier that it measures. */
  readonly classifier: string;
  /** The mean over an image and its mirror image answers. */
  readonly mirror?: true;
  /** Random transformations that vote. */
  readonly vote?: number;
  /** What is measured, each part in a run of its own. */
  readonly parts: readonly StudyPart[];
  /** What others reached. */
  readonly published?: readonly PublishedRow[];
}

/** Attacks that measure a row in one run. */
export interface StudyPart {
  readonly name: string;
  readonly attacks: readonly string[];
  /** Images of the test set; all where it is not given. */
  readonly limit?: number;
  /** As for a classifier. */
  readonly share?: number;
  /** Other options of `gimbal evaluate`, by name. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Accuracies in [0, 1] by name of the attack, as someone published them. */
export interface PublishedRow {
  readonly source: string;
  readonly accuracies: Readonly<Record<string, PublishedAccuracy>>;
}

/** In [0, 1]. */
export interface PublishedAccuracy {
  readonly value: number;
  /** Not read in the publication itself. */
  readonly secondHand?: boolean;
}

/** A row with what was measured: a summary for each attack that was run. */
export interface MeasuredRow {
  readonly row: StudyRow;
  readonly cells: ReadonlyMap<string, AttackSummary>;
  /** Came with the package, wholly or in part; else it was measured here. */
  readonly shipped?: true | 'partly';
}

/** A classifier's parts with their rows, in the order in which they are measured. */
export function partsOf(
  { rows }: Study,
  { name }: TrainedClassifier,
): { readonly row: StudyRow; readonly part: StudyPart }[] {
  return rows.filter((row) => row.classifier === name).flatMap((row) => row.parts.map((part) => ({ row, part })));
}

/** The classifiers of these names; all where there is none. */
export function chosenClassifiers({ classifiers }: Study, only: readonly string[]): TrainedClassifier[] {
  return classifiers.filter(({ name }) => only.length === 0 || only.includes(name));
}

/** Joins the parts of a row: each attack from the part with the most images. */
export function joinParts(row: StudyRow, results: readonly Readonly<Record<string, AttackSummary>>[]): MeasuredRow {
  const cells = new Map<string, AttackSummary>();
  for (const attacks of results) {
    for (const [name, summary] of Object.entries(attacks)) {
      if (summary.n > (cells.get(name)?.n ?? 0)) cells.set(name, summary);
    }
  }
  return { row, cells };
}

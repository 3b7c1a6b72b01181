/**
 * Gimbal without a platform: what commands do, as functions of a `Platform`, and their parts. The entry `gimbal` is
 * this on Node; one's own platform (a browser, a server without a disk, a test) is handed to the functions whose names
 * end in `On`.
 * @module
 */

// What commands do.
export { type LoadedModel, type Platform } from './applications/platform.ts';
export { type Clock } from './ports/clock.ts';
export { evaluateOn, type EvaluateRequest } from './applications/evaluate/evaluate.ts';
export { certifyOn, type CertifyRequest } from './applications/evaluate/certify.ts';
export { differenceOn, type DifferenceRequest } from './applications/difference/difference-on.ts';
export { type AttackDifference, type RunDifference, type RunSide } from './evaluation/run-difference.ts';
export { hardenOn, type Hardened, type HardenRequest } from './applications/harden/request.ts';
export { type HardenEvent } from './applications/harden/harden.ts';
export { type AttackChange, type HardenResult } from './applications/harden/result.ts';
export { trainOn, type Trained, type TrainRequest } from './applications/train/request.ts';
export { exportModelOn, type ExportedModel, type ExportRequest } from './applications/export/export-model.ts';
export { compareOn, type CompareRequest, type Comparison } from './applications/compare/compare.ts';
export { type CompareEvent } from './applications/compare/compare-models.ts';
export { type ModelsReport } from './report/models/models-report.ts';
export { type RunsReport } from './report/runs/runs-report.ts';
export {
  inspectOn,
  type Feeding,
  type InspectedModel,
  type InspectRequest,
} from './applications/inspect/inspect-model.ts';
export { type FeedingSearch, type FoundFeeding } from './applications/inspect/find-feeding.ts';
export { mergeOn, type MergeHooks, type MergeRequest } from './applications/merge/merge.ts';
export { watchShards, type ShardsSeen } from './applications/merge/watch-shards.ts';
export { reproduceOn, type ReproduceRequest } from './applications/study/reproduce.ts';
export { runStudy, type StudyOutcome, type StudyRun, type StudyRunHooks } from './applications/study/run-study.ts';
export { type Study } from './studies/study.ts';

// What a platform is made of.
export { type Files } from './ports/files.ts';
export { type FileClaim, type FolderClaim, type Folders, type Input } from './ports/folders.ts';
export { type Machine, type Origin } from './ports/machine.ts';
export { type StartWorker, type WorkerPort } from './ports/workers.ts';
export { type Device, type Runtime, type Session, type SessionOptions } from './runtime/runtime.ts';
export { type ModelFile } from './runtime/model-file.ts';

export { GimbalError, type Issue } from './errors/error.ts';
export { imageSize, type ImageShape, type LabelledImage } from './image/image.ts';

// The transformation, sets of transformations, draws.
export {
  IDENTITY,
  type Convention,
  type Padding,
  type Transformation,
  type TransformationTuple,
} from './transform/transformation.ts';
export { createWarp, DEFAULT_WARP, type Warp, type WarpSettings } from './transform/warp.ts';
export { createBox, restrictBox, type Box, type Subset, type TranslationLimit } from './sets/box.ts';
export { createGrid, PAPER_GRID, type Grid, type GridSize } from './sets/grid.ts';
export { drawTransformation } from './sets/draws.ts';
export { randomStream, type RandomStream } from './random/stream.ts';
export { pairedDifference, type PairedCounts, type PairedDifference } from './statistics/paired-difference.ts';
export { wilsonInterval } from './statistics/wilson.ts';

// Images and classifiers.
export { arraySource, type ArrayData } from './data/array-source.ts';
export { selectImages } from './data/selection.ts';
export { type ImageSource } from './data/source.ts';
export { type Classifier, type Trial, type TrialGradients, type TrialRequest } from './model/classifier.ts';
export { startClassifierOn, type StartOptions, type WorkerHost } from './workers/start-classifier.ts';
export { type ModelHints } from './model/sidecar.ts';

// Attacks, and the evaluation of any classifier and source under them.
export {
  classify,
  askGradients,
  type Attack,
  type AttackFacts,
  type AttackFigure,
  type AttackWords,
  type Finding,
  type GradientOutcome,
  type Outcome,
  type Probe,
  type Search,
  type Target,
  type Worst,
} from './attacks/attack.ts';
export { formatAttackName, parseAttackName } from './attacks/attack-name.ts';
export { type AttackName } from './attacks/definition.ts';
export { createAttack, type AttackSettings } from './attacks/create-attack.ts';
export { evaluateClassifier, type EvaluationInput } from './evaluation/evaluate.ts';
export { memoryJournal, type Journal } from './evaluation/journal.ts';
export { measureLandscape, type Landscape } from './evaluation/landscape.ts';
export { type ProgressEvent, type ProgressListener } from './evaluation/progress.ts';
export {
  type AttackRecord,
  type AttackSummary,
  type EvaluationResult,
  type ImageRecord,
} from './evaluation/records.ts';

// Training.
export { RECIPES, recipeNamed } from './training/recipes/index.ts';
export { resolveRecipe, type Hyperparameters, type Recipe, type TrainingSettings } from './training/recipes/recipe.ts';
export { memoryStore, type RunStore } from './training/run/store.ts';
export { type Between, type EpochMetrics, type Standing, type TrainingEvent } from './training/run/metrics.ts';

// ONNX graphs and their derivatives.
export { readModel } from './onnx/read.ts';
export { writeModel } from './onnx/write.ts';
export { GraphBuilder } from './onnx/builder.ts';
export {
  type Attribute,
  type Dimension,
  type ElementType,
  type Graph,
  type Model,
  type Node,
  type TensorValue,
  type ValueInfo,
} from './onnx/graph.ts';
export { toWorkingOpset } from './onnx/upgrade.ts';
export { inspectModel, type Inspection } from './onnx/inspect.ts';
export { differentiate, type Differentiated, type DifferentiateOptions } from './gradients/differentiate.ts';
export { withLoss, type WithLoss, type WithLossOptions } from './gradients/with-loss.ts';
export { differentiability, type Differentiability } from './gradients/differentiability.ts';

// Types that those above name.
export { type EvaluationEvent } from './applications/evaluate/evaluation-event.ts';
export { type OpenModel } from './applications/evaluate/inputs.ts';
export { type ReadingOptions } from './applications/evaluate/reading.ts';
export { type RunConfig } from './applications/evaluate/run-files.ts';
export {
  type RunFolder,
  type RunFolderRequest,
  type RunFolders,
  type RunStanding,
} from './applications/evaluate/run-folder.ts';
export { type KeptRun, type Run } from './applications/evaluate/run.ts';
export { type RunShard } from './applications/evaluate/shard.ts';
export { type ShardCondition, type ShardState } from './applications/merge/shard-states.ts';
export { type Shortening } from './applications/study/fit-to-machine.ts';
export { type Stage } from './applications/study/stages.ts';
export { type StudyEvent, type StudyPlace } from './applications/study/study-event.ts';
export { type StudyRequest } from './applications/study/study-request.ts';
export { type StudyState } from './applications/study/study-state.ts';
export { type Ask, type Certificate, type Extent, type Grade, type Searching } from './attacks/attack.ts';
export { type CommonSettings, type SettingValues } from './attacks/definition.ts';
export { type KeptFacts } from './attacks/kept-facts.ts';
export { type Norm } from './attacks/perturbation.ts';
export { type AttackSettingsByName, type GivenSettings } from './attacks/registry.ts';
export { type ConversionOptions } from './data/conversion.ts';
export { type ColourChange, type EditOf, type ImageEdit, type Region } from './data/edit.ts';
export { type GeometryOptions, type Size } from './data/geometry.ts';
export { type Labelling } from './data/labelling.ts';
export { type DownloadProgress, type OpenOptions } from './data/open-options.ts';
export { type Selection } from './data/selection.ts';
export { type Shard } from './data/shard.ts';
export { type SkippedImage } from './data/source.ts';
export { type ValueRange } from './data/value-range.ts';
export { type OptionValue } from './errors/option-words.ts';
export { type Vote } from './evaluation/answer.ts';
export { type LandscapeOptions } from './evaluation/landscape.ts';
export { type Certified, type ClassResult, type ClassResults, type Rate, type Survival } from './evaluation/records.ts';
export { type SweptVerdict } from './evaluation/sweeps.ts';
export { type ClassCount, type SharedTally } from './evaluation/tally-shared.ts';
export { type FigureDocument } from './figures/document.ts';
export { type ClassifierLandscape, type LossLandscape } from './figures/landscape-data.ts';
export { type Epoch } from './figures/training-curves.ts';
export { type ScoreKind } from './gradients/losses.ts';
export { type Unsupported } from './gradients/refusals.ts';
export { type Json } from './json/differences.ts';
export {
  type InputType,
  type Layout,
  type ModelInput,
  type ModelOutput,
  type ModelOverrides,
  type OutputKind,
  type ProbedDescription,
} from './model/description.ts';
export { type GradientModel } from './model/gradient-model.ts';
export { type PreparedModel } from './model/prepared-model.ts';
export { type Preprocessing, type Scale } from './model/preprocessing.ts';
export { type AttributeInput, type AttributesInput } from './onnx/builder.ts';
export { type ExternalData, type ExternalReference } from './onnx/external-data.ts';
export { type TensorData } from './onnx/graph.ts';
export { type RunSettings } from './options/attack-settings.ts';
export { type CertifyOptions } from './options/certify-options.ts';
export { type CompareOptions } from './options/compare-options.ts';
export { type DataOptions } from './options/data-options.ts';
export { type DifferenceOptions } from './options/difference-options.ts';
export { type EvaluateOptions } from './options/evaluate-options.ts';
export { type ExportOptions } from './options/export-options.ts';
export { type HardenOptions } from './options/harden-options.ts';
export { type InspectOptions } from './options/inspect-options.ts';
export { type ReproduceOptions } from './options/reproduce-options.ts';
export { type RequestOf } from './options/request.ts';
export { type TrainOptions } from './options/train-options.ts';
export { type ClassChange } from './report/changes/find-changes.ts';
export { type PictureSize } from './report/draw-frames.ts';
export { type Made } from './report/made.ts';
export { type Example, type Frame, type ReportSetting, type Shown } from './report/report-input.ts';
export { type ComparedRuns } from './report/runs/runs-report.ts';
export { type Contrast, type Detail, type StudyReport, type TrainingRecord } from './report/study/study-report.ts';
export { type OptionName } from './settings/option.ts';
export {
  type MeasuredRow,
  type PublishedAccuracy,
  type PublishedRow,
  type StudyPart,
  type StudyRow,
  type TrainedClassifier,
} from './studies/study.ts';
export { type Sources } from './transform/gather.ts';
export { type Interpolation, type Mask } from './transform/transformation.ts';
export { type StartJobWorker } from './workers/pool.ts';

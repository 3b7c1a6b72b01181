/** Names of the files in the folder of a training run. */
export const TRAINING_CONFIG_FILE = 'config.json';
export const CHECKPOINT_FILE = 'checkpoint.bin';
export const CHECKPOINT_BEFORE_FILE = 'checkpoint-before.bin';
export const MODEL_FILE = 'model.onnx';
export const METRICS_FILE = 'metrics.jsonl';
export const TRAINING_REPORT_FILE = 'report.html';

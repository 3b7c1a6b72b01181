import type { ImageSource } from '../../data/source.ts';
import type { Architecture } from '../network/architecture.ts';
import { architectureNamed } from '../architectures/index.ts';
import { channelStatistics, type Normalisation } from '../batches/channel-statistics.ts';
import { splitHeldOut } from '../batches/order.ts';
import { patchWhitening } from '../batches/patch-whitening.ts';
import { Network } from '../network/network.ts';
import type { Hyperparameters } from '../recipes/recipe.ts';
import { normalisationOf, requireSameNetwork, requireSameSize, type StartingPoint } from './starting-point.ts';

/**
 * The network that a recipe trains on these images.
 * @param fitted what the run found for its normalisation when it began, where it goes on
 * @throws misuse `too-few-images`, or that the start is of another network
 */
export async function recipeNetwork(
  settings: Hyperparameters,
  data: ImageSource,
  start?: StartingPoint,
  fitted?: Normalisation,
): Promise<Network> {
  const { shape, classes } = data;
  const { train: positions } = splitHeldOut(data.length, settings.heldOut, settings.batch, settings.seed);
  const architecture = architectureNamed(settings.architecture);
  const options = {
    depth: settings.depth ?? architecture.defaults.depth,
    width: settings.width ?? architecture.defaults.width,
  };
  const described = { architecture, options, shape, classes };
  if (start !== undefined) requireSameNetwork(start, described);
  const normalisation =
    fitted ??
    (start === undefined ? await fitNormalisation(architecture, data, positions) : await normalisationOf(start, data));
  const network = new Network({ ...described, ...normalisation });
  if (start !== undefined) requireSameSize(start, network);
  return network;
}

/** What the network does to its input before anything is trained. */
async function fitNormalisation(
  { whitens }: Architecture,
  data: ImageSource,
  positions: Uint32Array,
): Promise<Normalisation> {
  const statistics = await channelStatistics(data, positions);
  return whitens === undefined
    ? statistics
    : { ...statistics, whitening: await patchWhitening(data, positions, statistics, whitens) };
}

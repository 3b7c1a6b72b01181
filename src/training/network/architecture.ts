import type { Feature, NetworkBuilder } from './network-builder.ts';

export interface ArchitectureOptions {
  /** Layers with weights, as the field counts them: ResNet-20 has 20. */
  readonly depth: number;
  /** Channels of the first stage; later stages have multiples of it. */
  readonly width: number;
}

/** What `build` is given beside the features. */
interface BuildOptions extends ArchitectureOptions {
  /** Of `whitens`: the filters, [channels, inputs, size, size], flat. */
  readonly whitening?: readonly number[];
}

/** A family of networks: raw, standardised images in, one score per class out. */
export interface Architecture {
  readonly name: string;
  /** One line for `gimbal recipes` and the docs. */
  readonly summary: string;
  /** Depth and width where the recipe names none. */
  readonly defaults: ArchitectureOptions;
  /** Size of the patches whose whitening filters the network begins with; they are taken from the training data. */
  readonly whitens?: number;
  /** Why these options cannot be built, or undefined. */
  refusal(options: ArchitectureOptions): string | undefined;
  /** @param image [channels, height, width] @returns [classes] */
  build(net: NetworkBuilder, image: Feature, classes: number, options: BuildOptions): Feature;
}

/**
 * The document that figures are made on, handed in from the edge: a page's own, or linkedom's.
 * Only what Observable Plot asks of it matters.
 */
export interface FigureDocument {
  createElementNS(namespace: string, name: string): unknown;
}

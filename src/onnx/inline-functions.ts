import { misuse } from '../errors/error.ts';
import type {
  AttributeProto,
  FunctionProto,
  GraphProto,
  ModelProto,
  NodeProto,
  OperatorSetIdProto,
} from './generated/onnx_pb.ts';
import { formatCount } from '../notation/numbers.ts';

/** Functions that call functions: more is damaged or hostile, as calls may double at each level. */
const DEEPEST = 64;
const MOST_NODES = 100_000;
/** Of what names in written out functions are made of, so that many calls of one do not make much of a long name. */
const LONGEST_NAME = 200;

export interface Inlined {
  /** Without calls of the model's own functions. */
  readonly graph: GraphProto;
  /** Domains that only the model's functions are in are left out; those that only functions import come in. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Opset of ONNX's own operators, by node, where a function imports another than the model. */
  readonly nodeOpsets: ReadonlyMap<NodeProto, number>;
}

/**
 * Writes the functions that a model defines in the place of the nodes that call them, at every depth.
 *
 * @throws misuse `model-functions` for functions that call themselves, or come to more nodes than is supported
 */
export function inlineFunctions(graph: GraphProto, model: ModelProto): Inlined {
  const opsets = opsetsOf(model.opsetImport);
  if (model.functions.length === 0) return { graph, opsets, nodeOpsets: new Map() };
  const inliner = new Inliner(model.functions, opsets, namesIn(graph));
  const inlined = inliner.graph(graph);
  const own = new Set(model.functions.map((f) => domainOf(f.domain)));
  const kept = [...inliner.opsets].filter(([domain]) => domain === '' || !own.has(domain) || inliner.uses(domain));
  return { graph: inlined, opsets: new Map(kept), nodeOpsets: inliner.nodeOpsets };
}

/** Version by domain; '' is ai.onnx. */
function opsetsOf(imports: readonly OperatorSetIdProto[]): Map<string, number> {
  return new Map(imports.map(({ domain, version }) => [domainOf(domain), Number(version)]));
}

function domainOf(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

function keyOf(domain: string, name: string, overload: string): string {
  return JSON.stringify([domainOf(domain), name, overload]);
}

/** What names and attributes of a function's body mean at one call. */
interface Call {
  readonly rename: (name: string) => string;
  readonly attributes: ReadonlyMap<string, AttributeProto>;
  /** Opset of the function, where it is not the model's. */
  readonly opset: number | undefined;
}

class Inliner {
  readonly opsets: Map<string, number>;
  readonly nodeOpsets = new Map<NodeProto, number>();
  readonly #functions: ReadonlyMap<string, FunctionProto>;
  /** Of the functions. */
  readonly #names: ReadonlySet<string>;
  readonly #taken: Set<string>;
  readonly #domains = new Set<string>();
  /** Keys of the functions that are being written out, outermost first. */
  readonly #calls: string[] = [];
  #count = 0;
  #nodes = 0;

  constructor(functions: readonly FunctionProto[], opsets: ReadonlyMap<string, number>, taken: Set<string>) {
    this.#functions = new Map(functions.map((f) => [keyOf(f.domain, f.name, f.overload), f]));
    this.#names = new Set(functions.map((f) => f.name));
    this.opsets = new Map(opsets);
    this.#taken = taken;
  }

  /** Whether nodes of the domain remain. */
  uses(domain: string): boolean {
    return this.#domains.has(domain);
  }

  graph(graph: GraphProto): GraphProto {
    return changed(graph, { node: graph.node.flatMap((node) => this.#node(node)) });
  }

  /** @param call the call whose body the node is part of; undefined for the model's own nodes */
  #node(node: NodeProto, call?: Call): NodeProto[] {
    const written = call === undefined ? this.#withInnerGraphs(node) : this.#inBody(node, call);
    const called = this.#names.has(node.opType)
      ? this.#functions.get(keyOf(node.domain, node.opType, node.overload))
      : undefined;
    if (called !== undefined) return this.#body(called, written);
    this.#domains.add(domainOf(node.domain));
    if (call?.opset !== undefined) this.nodeOpsets.set(written, call.opset);
    if (call !== undefined && ++this.#nodes > MOST_NODES)
      throw this.#refuse(
        this.#calls[0],
        `written out, the model's functions come to more than ${formatCount(MOST_NODES)} nodes.`,
      );
    return [written];
  }

  #withInnerGraphs(node: NodeProto): NodeProto {
    if (!node.attribute.some(({ g }) => g !== undefined)) return node;
    return changed(node, {
      attribute: node.attribute.map((attribute) =>
        attribute.g === undefined ? attribute : changed(attribute, { g: this.graph(attribute.g) }),
      ),
    });
  }

  /** A node of a function's body with the names and attributes that it has at one call. */
  #inBody(node: NodeProto, call: Call): NodeProto {
    return changed(node, {
      name: node.name === '' ? '' : call.rename(node.name),
      input: node.input.map(call.rename),
      output: node.output.map(call.rename),
      attribute: node.attribute.flatMap((attribute) => {
        const given = attribute.refAttrName === '' ? attribute : call.attributes.get(attribute.refAttrName);
        // An attribute that the call leaves out is left out in the body too.
        if (given === undefined) return [];
        const named = changed(given, { name: attribute.name, refAttrName: '' });
        // A graph that the call hands in was written out there.
        const own = given.g !== undefined && given === attribute;
        return [own ? changed(named, { g: this.#innerGraph(given.g!, call) }) : named];
      }),
    });
  }

  #innerGraph(graph: GraphProto, call: Call): GraphProto {
    const renamed = <T extends { readonly name: string }>(item: T): T =>
      changed(item, { name: call.rename(item.name) } as Partial<T>);
    return changed(graph, {
      input: graph.input.map(renamed),
      output: graph.output.map(renamed),
      initializer: graph.initializer.map(renamed),
      valueInfo: [],
      node: graph.node.flatMap((node) => this.#node(node, call)),
    });
  }

  /** The nodes of a function in the place of a node that calls it. */
  #body(f: FunctionProto, caller: NodeProto): NodeProto[] {
    const key = keyOf(f.domain, f.name, f.overload);
    if (this.#calls.includes(key)) throw this.#refuse(key, `it calls itself (${this.#chain(key)}).`);
    if (this.#calls.length >= DEEPEST)
      throw this.#refuse(key, `it is called through more than ${DEEPEST} other functions.`);
    this.#calls.push(key);
    const call = this.#call(f, caller);
    const nodes = f.node.flatMap((node) => this.#node(node, call));
    // An output that is an input of the function as well is made by nobody in it.
    const passed = f.output.flatMap((name, i) => {
      const target = caller.output[i] ?? '';
      return f.input.includes(name) && target !== '' ? [identity(caller, call.rename(name), target)] : [];
    });
    this.#calls.pop();
    return [...nodes, ...passed];
  }

  #call(f: FunctionProto, caller: NodeProto): Call {
    if (caller.input.length > f.input.length || caller.output.length > f.output.length) {
      throw this.#refuse(
        keyOf(f.domain, f.name, f.overload),
        `it is called with ${caller.input.length} inputs and ${caller.output.length} outputs, ` +
          `but has ${f.input.length} and ${f.output.length}.`,
      );
    }
    const prefix = `${f.name.slice(0, LONGEST_NAME)}_${this.#count++}/`;
    const names = new Map<string, string>([['', '']]);
    f.output.forEach((name, i) => {
      if ((caller.output[i] ?? '') !== '') names.set(name, caller.output[i]);
    });
    f.input.forEach((name, i) => names.set(name, caller.input[i] ?? ''));
    const own = opsetsOf(f.opsetImport);
    for (const [domain, version] of own) if (!this.opsets.has(domain)) this.opsets.set(domain, version);
    const opset = own.get('');
    return {
      rename: (name) => {
        const known = names.get(name);
        if (known !== undefined) return known;
        const fresh = this.#fresh(prefix + (name.length > LONGEST_NAME ? 'value' : name));
        names.set(name, fresh);
        return fresh;
      },
      attributes: new Map([...f.attributeProto, ...caller.attribute].map((attribute) => [attribute.name, attribute])),
      opset: opset === this.opsets.get('') ? undefined : opset,
    };
  }

  #fresh(wanted: string): string {
    let name = wanted;
    while (this.#taken.has(name)) name = `${wanted}_${this.#count++}`;
    this.#taken.add(name);
    return name;
  }

  #chain(last: string): string {
    return [...this.#calls.slice(this.#calls.indexOf(last)), last].map(nameOf).join(' → ');
  }

  #refuse(key: string, problem: string): Error {
    return misuse({
      code: 'model-functions',
      subject: `function '${nameOf(key)}' of the model`,
      problem,
      advice: 'Export the model without functions of its own.',
    });
  }
}

function nameOf(key: string): string {
  return (JSON.parse(key) as string[])[1];
}

function identity(caller: NodeProto, from: string, to: string): NodeProto {
  return changed(caller, {
    name: '',
    opType: 'Identity',
    domain: '',
    overload: '',
    attribute: [],
    input: [from],
    output: [to],
  });
}

/** A message with some fields changed. Its prototype holds the defaults of those that are not set. */
function changed<T extends object>(message: T, fields: Partial<T>): T {
  return Object.assign(Object.create(Object.getPrototypeOf(message) as object) as T, message, fields);
}

/** All names of values in a graph and the graphs inside it. */
function namesIn(graph: GraphProto, names = new Set<string>()): Set<string> {
  for (const { name } of [...graph.input, ...graph.output, ...graph.initializer]) names.add(name);
  for (const node of graph.node) {
    for (const name of node.output) names.add(name);
    for (const { g } of node.attribute) if (g !== undefined) namesIn(g, names);
  }
  return names;
}

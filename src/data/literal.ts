/** What a literal of Python or JSON can hold here; a dictionary is its entries in their order, keys as text. */
export type Literal = string | number | boolean | null | Literal[] | Map<string, Literal>;

/** Nesting beyond this is nothing that anyone wrote for class names. */
const DEEPEST = 8;
const TOKEN =
  /\s*(?:([[\](){}:,])|(-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z]+)|[uUrRbB]{0,2}("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))/sy;
const WORDS: Readonly<Record<string, boolean | null>> = {
  True: true,
  False: false,
  None: null,
  true: true,
  false: false,
  null: null,
};
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' };

/**
 * Reads a literal as Python's `str` and `json.dumps` write it: lists, tuples and dictionaries of texts and numbers.
 * Nothing is executed.
 * @returns `undefined` for anything else
 */
export function readLiteral(text: string): Literal | undefined {
  const tokens = tokenize(text);
  if (tokens === undefined) return undefined;
  let at = 0;
  const next = (): Token | undefined => tokens[at++];
  const value = (depth: number): Literal | undefined => {
    const token = next();
    if (token === undefined || depth > DEEPEST) return undefined;
    if (token.mark === undefined) return token.value;
    const closing = CLOSING[token.mark];
    if (closing === undefined) return undefined;
    return closing === '}' ? dictionary(depth) : list(closing, depth);
  };
  const list = (closing: string, depth: number): Literal[] | undefined => {
    const items: Literal[] = [];
    while (tokens[at]?.mark !== closing) {
      const item = value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      if (tokens[at]?.mark === ',') at++;
      else if (tokens[at]?.mark !== closing) return undefined;
    }
    at++;
    return items;
  };
  const dictionary = (depth: number): Map<string, Literal> | undefined => {
    const entries = new Map<string, Literal>();
    while (tokens[at]?.mark !== '}') {
      const key = next();
      if (key?.value === undefined || next()?.mark !== ':') return undefined;
      const item = value(depth + 1);
      if (item === undefined || entries.has(String(key.value))) return undefined;
      entries.set(String(key.value), item);
      if (tokens[at]?.mark === ',') at++;
      else if (tokens[at]?.mark !== '}') return undefined;
    }
    at++;
    return entries;
  };
  const literal = value(0);
  return at === tokens.length ? literal : undefined;
}

interface Token {
  readonly mark?: string;
  readonly value?: string | number | boolean | null;
}

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const found = TOKEN.exec(trimmed);
    if (found === null) return undefined;
    const [, mark, number, word, quoted] = found;
    if (mark !== undefined) tokens.push({ mark });
    else if (number !== undefined) tokens.push({ value: Number(number) });
    else if (quoted !== undefined) tokens.push({ value: unquote(quoted) });
    else if (Object.hasOwn(WORDS, word)) tokens.push({ value: WORDS[word] });
    else return undefined;
  }
  return tokens;
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

function unquote(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs, (_, wide, byte, one: string) => {
      const code = (wide ?? byte) as string | undefined;
      return code === undefined ? (ESCAPED[one] ?? one) : String.fromCharCode(parseInt(code, 16));
    });
}

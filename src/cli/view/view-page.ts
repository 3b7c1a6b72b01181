import { once } from 'node:events';
import type { Exhibit } from '../../applications/view/exhibit.ts';
import { showModels } from '../../applications/view/show-models.ts';
import { showRun } from '../../applications/view/show-run.ts';
import { misuse } from '../../errors/error.ts';
import { nodePlatform } from '../../node/platform.ts';
import { openBrowser } from '../../node/page/open-browser.ts';
import { type BuiltPage, builtPage } from '../../node/page/page-files.ts';
import { pageTable, servePage } from '../../node/page/serve.ts';
import { type ViewOptions, viewSchema } from '../../options/view-options.ts';
import { optionEntries } from '../../settings/option.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Serves the page until it is asked to stop.
 * @returns exit code
 */
export async function viewPage(options: ViewOptions, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const built = await builtPage();
  const exhibit = await exhibitOf(built, options, signal);
  try {
    const server = await servePage(pageTable(built, exhibit), options.port);
    try {
      terminal.out(`${server.address}\n`);
      terminal.error('The page is served to this machine alone, until Ctrl-C.\n');
      if (options.open) openBrowser(server.address);
      if (!signal.aborted) await once(signal, 'abort');
      return 0;
    } finally {
      await server.close();
    }
  } finally {
    await exhibit.close();
  }
}

async function exhibitOf(built: BuiltPage, options: ViewOptions, signal: AbortSignal): Promise<Exhibit> {
  const [first, ...others] = options.models;
  if (first === undefined || !(await isRun(first))) return showModels(nodePlatform, built.catalogue, options, signal);
  refuseUnused(first, options);
  return showRun(nodePlatform, first, others[0], signal);
}

/** A folder that holds an evaluation; that of a training run holds a model. */
async function isRun(path: string): Promise<boolean> {
  const { files } = nodePlatform;
  return (await files.kindOf(path)) === 'folder' && (await files.kindOf(files.join(path, 'model.onnx'))) === undefined;
}

/** Of a run everything is known: what would say otherwise is refused, not passed over. */
function refuseUnused(run: string, options: ViewOptions): void {
  const usual = viewSchema.parse({}) as Readonly<Record<string, unknown>>;
  const unused = optionEntries(viewSchema).find(
    ({ key, group }) => group !== 'Page' && key !== 'models' && options[key as keyof ViewOptions] !== usual[key],
  );
  if (unused === undefined && options.models.length <= 2) return;
  throw misuse({
    code: 'unused-option',
    subject: unused === undefined ? options.models[2] : `--${unused.name}`,
    problem:
      unused === undefined
        ? `is a second model beside that of ${run}; there is room for one.`
        : `says nothing about ${run}, a run, which was measured as its own options say.`,
    advice: 'Leave it out.',
  });
}

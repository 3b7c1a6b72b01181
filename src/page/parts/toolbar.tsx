import { useRef } from 'preact/hooks';
import { chosenFiles } from '../../web/dropped.ts';
import { useStore } from '../state/store.ts';
import type { Studio } from '../state/studio.ts';
import { takeFiles } from '../state/take-files.ts';
import { savePair } from './save-pair.ts';

/** Opening files, and taking along what is shown. */
export function Toolbar({ studio }: { readonly studio: Studio }) {
  const { shown } = useStore(studio);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const chosen = chosenFiles(input.files!);
    input.value = '';
    if (chosen.length > 0) void takeFiles(studio, chosen);
  };
  return (
    <div class="toolbar">
      <span class="quiet">Drop your own .onnx, picture or folder anywhere.</span>
      <input ref={files} type="file" multiple hidden aria-label="Files" onChange={take} />
      {/* @ts-expect-error An attribute of all browsers that the types do not know. */}
      <input ref={folder} type="file" webkitdirectory hidden aria-label="Folder" onChange={take} />
      <span class="buttons">
        <button type="button" onClick={() => files.current?.click()}>
          Open files
        </button>
        <button type="button" onClick={() => folder.current?.click()}>
          Open a folder
        </button>
        <button
          type="button"
          onClick={() =>
            void navigator.clipboard.writeText(location.href).then(
              () => studio.note('The link is copied. It shows the same to whoever has the same files.'),
              () => studio.note(`The link: ${location.href}`),
            )
          }
        >
          Copy link
        </button>
        <button type="button" disabled={shown === undefined} onClick={() => void savePair(studio)}>
          Save as PNG
        </button>
      </span>
    </div>
  );
}

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { filesOf } from '../../web/dropped.ts';
import type { Studio } from '../state/studio.ts';
import { takeFiles } from '../state/take-files.ts';

interface DropZoneProps {
  readonly studio: Studio;
  readonly children: ComponentChildren;
}

/** The page as a whole takes files that are dropped on it. */
export function DropZone({ studio, children }: DropZoneProps) {
  const [isOver, setOver] = useState(false);
  return (
    <div
      class={isOver ? 'page over' : 'page'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (event.relatedTarget === null) setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (event.dataTransfer !== null) {
          const coming = filesOf(event.dataTransfer);
          void coming.then(
            (files) => takeFiles(studio, files),
            (error: unknown) => studio.tell(error),
          );
        }
      }}
    >
      {children}
    </div>
  );
}

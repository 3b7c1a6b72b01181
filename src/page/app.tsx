import { Announcer } from './parts/announcer.tsx';
import { DropZone } from './parts/drop-zone.tsx';
import { Gallery } from './parts/gallery.tsx';
import { Message } from './parts/message.tsx';
import { ModelCard } from './parts/model-card.tsx';
import { Parameters } from './parts/parameters.tsx';
import { PictureStrip } from './parts/picture-strip.tsx';
import { SearchBar } from './parts/search-bar.tsx';
import { Stage } from './parts/stage.tsx';
import { Toolbar } from './parts/toolbar.tsx';
import { useStore } from './state/store.ts';
import type { Studio } from './state/studio.ts';

/** The whole page. */
export function App({ studio }: { readonly studio: Studio }) {
  const { slots, catalogue } = useStore(studio);
  const run = catalogue?.run;
  return (
    <DropZone studio={studio}>
      <header>
        <p class="brand">Gimbal · spatial robustness</p>
        <h1>{run === undefined ? 'Turn the picture until the model fails' : run.name}</h1>
        <Toolbar studio={studio} />
      </header>
      <main>
        <Message studio={studio} />
        <div class="table">
          <section class="left" aria-label="Picture">
            <Stage studio={studio} />
            <Parameters studio={studio} />
            {run === undefined ? <PictureStrip studio={studio} /> : undefined}
          </section>
          <section class="right" aria-label="Models">
            <SearchBar studio={studio} />
            <div class={slots.length > 1 ? 'cards two' : 'cards'}>
              {slots.map((slot, place) => (
                <ModelCard key={slot} studio={studio} slot={slot} place={place} />
              ))}
            </div>
          </section>
        </div>
        {run === undefined ? undefined : <Gallery studio={studio} run={run} />}
      </main>
      <footer>
        Everything is computed in this browser. No file that you open leaves it.{' '}
        <a href="licenses.md">Licences of what the page holds of others</a>
      </footer>
      <Announcer studio={studio} />
    </DropZone>
  );
}

import { useStore } from '../state/store.ts';
import type { Studio } from '../state/studio.ts';

/** Small pictures to choose from. */
export function PictureStrip({ studio }: { readonly studio: Studio }) {
  const { shown } = useStore(studio);
  return (
    <div class="strip" role="group" aria-label="Pictures to choose from">
      {studio.fittingPictures.map((picture) => (
        <button
          type="button"
          key={picture}
          class="thumbnail"
          aria-pressed={shown?.picture === picture}
          title={picture.name}
          onClick={() => void studio.showPicture(picture)}
        >
          <img src={picture.thumbnail} alt={picture.name} loading="lazy" width="56" height="56" />
        </button>
      ))}
    </div>
  );
}

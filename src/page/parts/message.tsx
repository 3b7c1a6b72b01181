import { useStore } from '../state/store.ts';
import type { Studio } from '../state/studio.ts';

/** What went wrong last, until it is closed or the next thing is told. */
export function Message({ studio }: { readonly studio: Studio }) {
  const { message } = useStore(studio);
  return (
    <div role="alert">
      {message === undefined ? undefined : (
        <div class={`message ${message.kind}`}>
          <p>{message.text}</p>
          <button type="button" class="plain" aria-label="Close the message" onClick={() => studio.dismiss()}>
            ×
          </button>
        </div>
      )}
    </div>
  );
}

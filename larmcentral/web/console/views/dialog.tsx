// The frame of the three dialogs: the browser keeps the focus inside and closes on Escape.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useDeps } from "./deps";

export function Dialog(props: { title: string; class?: string; children: ComponentChildren }) {
  const { desk } = useDeps();
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    // at once, not after the next paint: a fast key must meet the dialog and not the page behind it
    const before = document.activeElement;
    ref.current?.showModal();
    return () => before instanceof HTMLElement && before.isConnected && before.focus();
  }, []);
  return (
    <dialog ref={ref} class={props.class} aria-labelledby="dialog-title" onClose={() => (desk.dialog.value = null)}>
      <header>
        <h2 id="dialog-title">{props.title}</h2>
        <button type="button" class="quiet" onClick={() => ref.current?.close()}>
          {desk.speech.value.say("close")} <kbd>Esc</kbd>
        </button>
      </header>
      {props.children}
    </dialog>
  );
}

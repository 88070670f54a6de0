// The frame of the dialogs: the browser keeps the focus inside and closes on Escape.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useDeps } from "./deps";

/** close: for a dialog of a page of its own; the others stand in desk.dialog. */
export function Dialog(props: { title: string; class?: string; close?: () => void; children: ComponentChildren }) {
  const { desk } = useDeps();
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    // at once, not after the next paint: a fast key must meet the dialog and not the page behind it
    const before = document.activeElement;
    ref.current?.showModal();
    return () => before instanceof HTMLElement && before.isConnected && before.focus();
  }, []);
  const close = props.close ?? (() => (desk.dialog.value = null));
  // The browser tells of a close later, as a task: by then the next key may have opened another dialog.
  const escape = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    ref.current?.close();
    close();
  };
  return (
    <dialog ref={ref} class={props.class} aria-labelledby="dialog-title" onKeyDown={escape} onClose={() => ref.current?.isConnected && close()}>
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

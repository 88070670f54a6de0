// Shapes that carry meaning beside colour. A filled shape waits for a person; a hollow one is in hand.
import type { NoticeView, ResponderState } from "../../shared/shapes";

const OCTAGON = "M8.2 2h7.6L22 8.2v7.6L15.8 22H8.2L2 15.8V8.2z";
const TRIANGLE = "M12 2.4 22.6 21H1.4z";
const DIAMOND = "M12 1.6 22.4 12 12 22.4 1.6 12z";

export function GravityShape(props: { gravity: number; taken: boolean; done: boolean; purpose: string }) {
  const { gravity, taken, done, purpose } = props;
  if (done) {
    return (
      <svg class="shape shape-done" viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="9.5" class="outline" />
        <path d="M7.5 12.5l3 3 6-6.5" class="sign" />
      </svg>
    );
  }
  const path = gravity <= 1 ? OCTAGON : gravity === 2 ? TRIANGLE : DIAMOND;
  const tone = purpose === "real" ? `g${Math.min(3, Math.max(1, gravity))}` : purpose;
  return (
    <svg class={`shape ${tone} ${taken ? "hollow" : "full"}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} class="outline" />
      <path d={gravity === 2 ? "M12 9v5.5M12 17v1.4" : "M12 6.8v6.4M12 15.8v1.6"} class="sign" />
    </svg>
  );
}

const RESPONDER: Record<ResponderState, string> = {
  notified: "M12 5a7 7 0 1 0 .01 0z",
  acknowledged: "M12 5a7 7 0 1 0 .01 0zM12 9.5a2.5 2.5 0 1 0 .01 0z",
  going: "M4 12h14M12.5 6l6 6-6 6",
  on_site: "M5 12.5l4.5 4.5L19 7",
  declined: "M6 6l12 12M18 6L6 18",
  released: "M6 12h12",
};

export function ResponderShape({ state }: { state: ResponderState }) {
  return (
    <svg class={`glyph responder-${state}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={RESPONDER[state]} />
    </svg>
  );
}

const STEP = {
  open: "M4 4h16v16H4z",
  done: "M4 4h16v16H4zM8 12.500l3 3 5.500-7",
  not_possible: "M4 4h16v16H4zM8.500 8.500l7 7M15.500 8.500l-7 7",
  not_needed: "M4 4h16v16H4zM8 12h8",
} as const;

/** A step of a plan: an empty box, or ticked, crossed or struck through. */
export function StepShape({ outcome }: { outcome: "done" | "not_possible" | "not_needed" | null }) {
  return (
    <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">
      <path d={STEP[outcome ?? "open"]} />
    </svg>
  );
}

const NOTICE: Record<NoticeView["state"], string> = {
  pending: "M12 4a8 8 0 1 0 .01 0zM12 8v4.5l3 1.8",
  sent: "M5 12.5l4.5 4.5L19 7",
  delivered: "M2.5 12.5L7 17 16 7M10.5 16l1 1L21.500 7",
  refused: "M6 6l12 12M18 6L6 18",
  gone: "M6 6l12 12M18 6L6 18",
  failed: "M6 6l12 12M18 6L6 18",
  withdrawn: "M6 12h12",
};

export function NoticeShape({ state }: { state: NoticeView["state"] }) {
  return (
    <svg class={`glyph notice-${state}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={NOTICE[state]} />
    </svg>
  );
}

const SIGNS = {
  speaker: "M4 9.500h3.500L12 5.500v13l-4.500-4H4zM15.500 8.500a5 5 0 0 1 0 7M18 6a8.500 8.500 0 0 1 0 12",
  mute: "M4 9.500h3.500L12 5.500v13l-4.500-4H4zM15.500 9.500l5 5M20.500 9.500l-5 5",
  warning: "M12 3.500 21.500 20h-19zM12 10v4.500M12 16.800v.8",
  windows: "M3 5h12v9H3zM9 17v2h12v-9h-3",
  clock: "M12 4a8 8 0 1 0 .01 0zM12 8v4.500l3 1.800",
  phone: "M6 4h3.500l1.500 4.500-2 1.500a10 10 0 0 0 5 5l1.500-2 4.500 1.500V18a2 2 0 0 1-2 2A15 15 0 0 1 4 6a2 2 0 0 1 2-2z",
} as const;

export function Sign({ name }: { name: keyof typeof SIGNS }) {
  return (
    <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">
      <path d={SIGNS[name]} />
    </svg>
  );
}

const WAY = {
  alive: "M5 12.5l4.5 4.5L19 7",
  slow: "M7 4h10M7 20h10M8 4c0 4 8 6 8 8s-8 4-8 8M16 4c0 4-8 6-8 8s8 4 8 8",
  dead: "M8.2 2h7.6L22 8.2v7.6L15.8 22H8.2L2 15.8V8.2zM8.5 8.5l7 7M15.500 8.500l-7 7",
  unknown: "M9 9a3 3 0 1 1 4 2.800c-.7.4-1 1-1 1.700v.5M12 17v.5",
} as const;

/** How a way out, a path or a contact point is doing: a tick, an hourglass, a crossed octagon, a question. */
export function WayShape({ state }: { state: keyof typeof WAY }) {
  return (
    <svg class={`glyph way-${state}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={WAY[state]} />
    </svg>
  );
}

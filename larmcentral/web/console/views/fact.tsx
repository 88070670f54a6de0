// One named part of what is known of an incident.
import type { ComponentChildren } from "preact";

export function Fact(props: { name: string; class?: string; beside?: string | null; children: ComponentChildren }) {
  return (
    <section class={`fact ${props.class ?? ""}`}>
      <h3>
        {props.name}
        {props.beside && <span class="beside">{props.beside}</span>}
      </h3>
      {props.children}
    </section>
  );
}

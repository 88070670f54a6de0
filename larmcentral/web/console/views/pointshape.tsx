// How a contact point does, as a shape beside its words.
import type { PointPicture } from "../models/points";
import { WayShape } from "./shapes";

const SHAPES = { reached: "alive", never: "unknown", failing: "dead", retired: "dead" } as const;

export function PointShape({ state }: { state: PointPicture["state"] }) {
  return <WayShape state={SHAPES[state]} />;
}

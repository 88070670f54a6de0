// The board of ways out: which of them carries anything just now, in words, with the last hour as numbers to draw.
import type { Speech } from "../words/speech";
import type { ChannelView, ProviderView } from "../../shared/shapes_points";
import type { WayBoard, WayFiguresView, WayMinuteView, WayView } from "../../shared/shapes_ways";
import { ago } from "../../shared/account/incident";
import { reasonWords } from "../../shared/account/reason";
import { providerWords } from "./trial";
import { secondsWords } from "../../shared/account/ways";

const HOUR_MIN = 60;
const MINUTE_MS = 60_000;

export interface Board {
  ways: Way[];
  /** How many are dead or slow, in words. */
  counts: string;
  /** What chains pass over just now; null for nothing. */
  passedOver: string | null;
  /** The channels that nobody has set up: nobody is reached by them. */
  unset: string | null;
}

export interface Way {
  provider: string;
  name: string;
  channel: string;
  channelWords: string;
  receiver: boolean;
  state: WayView["state"];
  stateWords: string;
  since: string | null;
  /** The last word against it, where it is dead or slow. */
  reason: string | null;
  lastGood: string;
  processes: string;
  waits: boolean;
  waiting: string;
  hour: Bar[];
  hourWords: string;
  facts: Fact[];
  points: string;
}

export interface Fact {
  name: string;
  value: string;
}

/** One minute of the chart. up: the share of the busiest minute that got through, down: that was lost; each 0 to 1. */
export interface Bar {
  up: number;
  down: number;
}

/** In the order of the settings, so that nothing jumps when its state changes. */
export function board(view: WayBoard, channels: readonly ChannelView[], now: number, speech: Speech): Board {
  const count = (state: WayView["state"]) => view.ways.filter((way) => way.state === state).length;
  const [dead, slow, carry] = [count("dead"), count("slow"), count("alive")];
  const reported = new Set<string>(view.ways.map((way) => way.channel));
  const unset = channels.filter((c) => c.providers.length === 0 && !reported.has(c.channel)).map((c) => speech.sayOr("channel", c.channel));
  const passed = view.dead_channels.map((channel) => speech.sayOr("channel", channel));
  return {
    ways: view.ways.map((way) => row(way, channels.find((c) => c.channel === way.channel), now, speech)),
    counts: dead + slow === 0 ? speech.say("ways_carry", { count: carry, all: view.ways.length }) : speech.say("ways_counts", { dead, slow, count: view.ways.length }),
    passedOver: passed.length > 0 ? speech.say("ways_passed_over", { list: speech.list(passed) }) : null,
    unset: unset.length > 0 ? speech.say("ways_unset", { list: speech.list(unset) }) : null,
  };
}

function row(way: WayView, channel: ChannelView | undefined, now: number, speech: Speech): Way {
  const poorly = way.state === "dead" || way.state === "slow";
  const provider = channel?.providers.find((one) => one.provider === way.provider);
  return {
    provider: way.provider,
    name: providerWords(way.provider, speech),
    channel: way.channel,
    channelWords: speech.sayOr("channel", way.channel),
    receiver: way.receiver !== null,
    state: way.state,
    stateWords: speech.sayOr("way", way.state),
    since: way.since ? speech.say("way_since", { time: speech.moment(way.since, now), age: speech.age(now - Date.parse(way.since)) }) : null,
    reason: poorly && way.reason ? reasonWords(way.reason, speech) : null,
    lastGood: lastGood(way, now, speech),
    processes: processes(way, speech),
    waits: way.waiting > 0,
    waiting: waiting(way, now, speech),
    hour: hour(way.minutes, now),
    hourWords: hourWords(way.hour, speech),
    facts: provider ? factsOf(provider, speech) : [],
    points: channel ? pointsWords(channel, speech) : "",
  };
}

/** What was sent and told well, and the last look that it answered: the newer of the two. */
function lastGood(way: WayView, now: number, speech: Speech): string {
  const at = (time: string | null) => (time ? Date.parse(time) : 0);
  const [sent, looked] = [at(way.last_good_at), at(way.answered_at)];
  if (sent === 0 && looked === 0) return speech.say("way_never_good");
  return speech.say(sent >= looked ? "way_last_good" : "way_answered", { age: ago(now - Math.max(sent, looked), speech) });
}

function processes(way: WayView, speech: Speech): string {
  if (way.processes === 0) return speech.say("way_nobody_sends");
  return way.state === "dead" || way.say_dead === 0 ? "" : speech.say("way_say_dead", { count: way.say_dead, of: way.processes });
}

function waiting(way: WayView, now: number, speech: Speech): string {
  if (way.waiting === 0) return speech.say("way_none_waits");
  const parts = [speech.say("way_waiting", { count: way.waiting })];
  if (way.oldest_at) parts.push(speech.say("way_oldest", { age: speech.length(now - Date.parse(way.oldest_at)) }));
  if (way.next_due_at && Date.parse(way.next_due_at) > now) parts.push(speech.say("way_expected", { time: speech.time(way.next_due_at) }));
  return parts.join(" · ");
}

/** The hour that ends now, one bar a minute, oldest first; a minute without tries is empty. */
export function hour(minutes: readonly WayMinuteView[], now: number): Bar[] {
  const first = Math.floor(now / MINUTE_MS) - HOUR_MIN + 1;
  const placed = minutes.map(({ minute, figures }) => ({ figures, at: Math.floor(Date.parse(minute) / MINUTE_MS) - first }));
  const within = placed.filter(({ at }) => at >= 0 && at < HOUR_MIN);
  const most = Math.max(1, ...within.map(({ figures }) => figures.tries));
  const bars: Bar[] = Array.from({ length: HOUR_MIN }, () => ({ up: 0, down: 0 }));
  // The root lets a single try be seen beside a busy minute.
  for (const { figures, at } of within) bars[at] = { up: Math.sqrt((figures.tries - figures.lost) / most), down: Math.sqrt(figures.lost / most) };
  return bars;
}

function hourWords(figures: WayFiguresView | null, speech: Speech): string {
  if (figures === null || figures.tries === 0) return speech.say("hour_none");
  const parts = [speech.say(figures.tries === 1 ? "hour_try" : "hour_tries", { count: figures.tries })];
  if (figures.lost > 0) parts.push(speech.say("hour_lost", { count: figures.lost }));
  if (figures.tries > figures.lost) parts.push(speech.say("hour_p95", { seconds: secondsWords(figures.p95_ms / 1000, speech) }));
  return parts.join(" · ");
}

function factsOf(provider: ProviderView, speech: Speech): Fact[] {
  return Object.entries(provider.facts).map(([name, value]) => ({ name: speech.sayOr("fact", name), value: factValue(name, value, speech) }));
}

function factValue(name: string, value: string, speech: Speech): string {
  if (name.endsWith("_s") && /^[\d.]+$/.test(value)) return speech.length(Number(value) * 1000);
  if (value === "True" || value === "False") return speech.say(value === "True" ? "yes" : "no");
  return value;
}

function pointsWords(channel: ChannelView, speech: Speech): string {
  const parts = [speech.say("points_in_use", { count: channel.proven + channel.unproven, proven: channel.proven })];
  if (channel.failing > 0) parts.push(speech.say("points_failing", { count: channel.failing }));
  if (channel.retired > 0) parts.push(speech.say("points_retired", { count: channel.retired }));
  return parts.join(" · ");
}

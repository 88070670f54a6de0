// A person's contact points: in the order in which they are tried, with what one can do about each.
import { useState } from "preact/hooks";
import { deniedWords } from "../models/errand";
import type { PointBook } from "../models/pointbook";
import { type PointChannel, type PointPicture, living, point } from "../models/points";
import "../css/points.css";
import { useDeps } from "./deps";
import { PointShape } from "./pointshape";
import { TrialResult } from "./trial";

export function PointList(props: { book: PointBook; channels: readonly PointChannel[]; keeper: boolean; readOnly: boolean }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const { book } = props;
  const points = book.points.value;
  const failed = deniedWords(book.failed.value, speech);
  if (points === null) return failed ? <p class="refusal">{failed}</p> : <p class="nothing">{speech.say("loading")}</p>;
  const used = living(points);
  const gone = points.filter((one) => one.retired_at !== null);
  const left = book.left.value;
  const denied = deniedWords(book.errand.denied.value, speech);
  return (
    <>
      {used.length === 0 && <p class="is-poor">{speech.say("points_none")}</p>}
      <ol class="point-list">
        {used.map((one, index) => (
          <PointRow key={one.id} {...props} picture={point(one, desk.now.value, speech)} number={index + 1} first={index === 0} last={index === used.length - 1} />
        ))}
      </ol>
      {gone.length > 0 && (
        <ul class="point-list gone">
          {gone.map((one) => (
            <PointRow key={one.id} {...props} readOnly={true} picture={point(one, desk.now.value, speech)} number={null} first={true} last={true} />
          ))}
        </ul>
      )}
      <p role="status" class={left === 0 ? "is-poor" : "hint"}>
        {left === null ? "" : left === 0 ? speech.say("point_left_none") : speech.say("point_left", { count: left })}
      </p>
      <p class="refusal" role="alert">
        {denied}
      </p>
      {!props.readOnly && <AddForm book={book} channels={props.channels} keeper={props.keeper} />}
    </>
  );
}

function PointRow(props: { book: PointBook; picture: PointPicture; number: number | null; first: boolean; last: boolean; keeper: boolean; readOnly: boolean }) {
  const speech = useDeps().desk.speech.value;
  const { book, picture } = props;
  const { id } = picture;
  const named = `${picture.channel} ${picture.address}`;
  const busy = book.errand.doing.value !== null;
  const sure = book.armed.value === id;
  return (
    <li class={`point is-${picture.state}`}>
      <div class="point-line">
        <span class="rank">{props.number}</span>
        <PointShape state={picture.state} />
        <span class="who">
          <b>{picture.channel}</b> <span class="address">{picture.address}</span>
          {picture.label && <span class="aside">{picture.label}</span>}
        </span>
        <span class="how">
          {picture.health}
          <span class={picture.proven ? "aside" : "aside unproven"}>{picture.proof}</span>
        </span>
        {!props.readOnly && (
          <span class="point-acts">
            <button type="button" class="act" aria-label={speech.say("point_up", { name: named })} disabled={props.first || busy} onClick={() => void book.move(id, -1)}>
              ↑
            </button>
            <button type="button" class="act" aria-label={speech.say("point_down", { name: named })} disabled={props.last || busy} onClick={() => void book.move(id, 1)}>
              ↓
            </button>
            <button type="button" class="act" aria-label={`${speech.say("point_test")}: ${named}`} disabled={busy || book.trial.errand.doing.value !== null} onClick={() => void book.test(id)}>
              {speech.say("point_test")}
            </button>
            {!picture.proven && picture.view.proof !== "seen" && (
              <button type="button" class="act" aria-label={`${speech.say("point_prove")}: ${named}`} disabled={busy} onClick={() => void book.askProof(id)}>
                {speech.say("point_prove")}
              </button>
            )}
            <button type="button" class={`act ${sure ? "armed" : ""}`} aria-label={`${speech.say(sure ? "point_remove_sure" : "point_remove")}: ${named}`} disabled={busy} onClick={() => void book.remove(id)}>
              {speech.say(sure ? "point_remove_sure" : "point_remove")}
            </button>
          </span>
        )}
      </div>
      {book.tried.value === id && <Tried book={book} picture={picture} keeper={props.keeper} />}
      {book.proof.value?.point === id && <ProofForm book={book} />}
    </li>
  );
}

function Tried({ book, picture, keeper }: { book: PointBook; picture: PointPicture; keeper: boolean }) {
  const speech = useDeps().desk.speech.value;
  const state = book.trial.message.value?.state;
  const came = state === "sent" || state === "delivered";
  return (
    <div class="point-more">
      <TrialResult trial={book.trial} />
      {keeper && !picture.proven && picture.view.proof === "seen" && came && (
        <button type="button" class="act" onClick={() => void book.seen()}>
          {speech.say("proof_seen_it")}
        </button>
      )}
    </div>
  );
}

function ProofForm({ book }: { book: PointBook }) {
  const speech = useDeps().desk.speech.value;
  const [code, setCode] = useState("");
  const proof = book.proof.value;
  if (proof === null) return null;
  const words = speech.sayOr("proof", proof.asked.by, undefined, { time: speech.time(proof.asked.expires_at) });
  return (
    <form class="point-more" onSubmit={(event) => (event.preventDefault(), void book.giveCode(code))}>
      <p role="status">{words}</p>
      {proof.asked.by === "code" && (
        <>
          <label>
            {speech.say("proof_give")}
            <input value={code} inputMode="numeric" autocomplete="one-time-code" maxLength={20} autofocus onInput={(event) => setCode(event.currentTarget.value)} />
          </label>
          <button type="submit" class="act primary" disabled={code.trim() === "" || book.errand.doing.value !== null}>
            {speech.say("point_prove")}
          </button>
        </>
      )}
    </form>
  );
}

function AddForm({ book, channels, keeper }: { book: PointBook; channels: readonly PointChannel[]; keeper: boolean }) {
  const speech = useDeps().desk.speech.value;
  const [channel, setChannel] = useState<PointChannel>(channels[0] ?? "sms");
  const [address, setAddress] = useState("");
  const [label, setLabel] = useState("");
  const add = async () => {
    if (!(await book.add(channel, address, label))) return; // refused: the words stay where they are
    setAddress("");
    setLabel("");
  };
  return (
    <form class="point-add" onSubmit={(event) => (event.preventDefault(), void add())}>
      <label>
        {speech.say("point_channel")}
        <select value={channel} onChange={(event) => setChannel(event.currentTarget.value as PointChannel)}>
          {channels.map((one) => (
            <option key={one} value={one}>
              {speech.sayOr("channel", one)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {speech.sayOr("point_address", channel)}
        <input value={address} autocomplete="off" spellcheck={false} onInput={(event) => setAddress(event.currentTarget.value)} />
      </label>
      <label>
        {speech.say("point_label")}
        <input value={label} maxLength={80} onInput={(event) => setLabel(event.currentTarget.value)} />
      </label>
      <button type="submit" class="act" disabled={address.trim() === "" || book.errand.doing.value !== null}>
        {speech.say(book.errand.doing.value === "add" ? "sending" : "point_add")}
      </button>
      {!keeper && <p class="hint">{speech.say("point_app_adds")}</p>}
    </form>
  );
}

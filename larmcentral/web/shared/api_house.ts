// The server's HTTP about the house: who sits at the desk, who works alone, who can be reached, what is lent, what is broken.
import type { Ask } from "./api_ways";
import type {
  CheckedOut,
  CheckIn,
  CheckOut,
  DealtWith,
  DeskPicture,
  DeskSeat,
  HandoverMade,
  HandoverMake,
  HandoverView,
  PoolRow,
  Prolong,
  ReachRow,
} from "./shapes_desk";
import type { PlaceChoice } from "./shapes_places";
import type { SessionBeginFor, SessionStarted, SessionView } from "./shapes_work";

export class HouseApi {
  constructor(private readonly ask: Ask) {}

  desk = () => this.ask<readonly DeskSeat[]>("GET", "/api/desk");
  sitDown = () => this.ask<null>("POST", "/api/desk");
  leaveDesk = () => this.ask<null>("DELETE", "/api/desk");
  picture = () => this.ask<DeskPicture>("GET", "/api/desk/picture");
  handovers = () => this.ask<readonly HandoverView[]>("GET", "/api/handovers");
  makeHandover = (body: HandoverMake) => this.ask<HandoverMade>("POST", "/api/handovers", body);
  sign = (handover: string) => this.ask<null>("POST", `/api/handovers/${handover}/sign`);

  sessions = () => this.ask<readonly SessionView[]>("GET", "/api/sessions");
  startSession = (body: SessionBeginFor) => this.ask<SessionStarted>("POST", "/api/sessions", body);
  welfare = (person: string) => this.ask<null>("POST", `/api/sessions/${person}/welfare`);
  endSession = (person: string) => this.ask<null>("POST", `/api/sessions/${person}/end`);
  /** Where the spoken memo lies. That it is played is recorded where the worker sees it. */
  recording = (session: string) => `/api/sessions/${session}/recording?as=desk`;
  places = () => this.ask<readonly PlaceChoice[]>("GET", "/api/places");

  reach = (hours: number) => this.ask<readonly ReachRow[]>("GET", `/api/reach?hours=${hours}`);
  pool = () => this.ask<readonly PoolRow[]>("GET", "/api/pool");
  checkOut = (body: CheckOut) => this.ask<CheckedOut>("POST", "/api/pool/check-out", body);
  checkIn = (body: CheckIn) => this.ask<null>("POST", "/api/pool/check-in", body);
  prolong = (body: Prolong) => this.ask<null>("POST", "/api/pool/prolong", body);
  dealtWith = (alarm: string, body: DealtWith) => this.ask<null>("POST", `/api/system-alarms/${alarm}/dealt-with`, body);
}

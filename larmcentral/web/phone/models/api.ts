// The server's HTTP as the worker's phone uses it. What changes something goes through the outbox instead.
import type { Asker } from "../../shared/ask";
import type { LogIn, Me } from "../../shared/shapes";
import type { Colleague, OwnDevice, OwnMessage, OwnRead, PlaceWarning } from "../../shared/shapes_phone";
import type { PlaceChoice } from "../../shared/shapes_places";
import type { MessageAsked, PointView, ServiceMessageView } from "../../shared/shapes_points";
import type { Setup } from "../../shared/shapes_setup";
import type { OwnWork, PinChoice } from "../../shared/shapes_work";

export class PhoneApi {
  readonly ask: Asker["ask"];

  constructor(asker: Asker) {
    this.ask = asker.ask.bind(asker);
  }

  logIn = (body: LogIn) => this.ask<Me>("POST", "/api/session", body);
  logOut = () => this.ask<unknown>("DELETE", "/api/session");
  me = () => this.ask<Me>("GET", "/api/me");
  setup = () => this.ask<Setup>("GET", "/api/setup");
  work = () => this.ask<OwnWork>("GET", "/api/me/work");
  devices = () => this.ask<readonly OwnDevice[]>("GET", "/api/me/devices");
  reads = () => this.ask<readonly OwnRead[]>("GET", "/api/me/reads");
  colleagues = () => this.ask<readonly Colleague[]>("GET", "/api/me/colleagues");
  messages = () => this.ask<readonly OwnMessage[]>("GET", "/api/me/messages");
  places = () => this.ask<readonly PlaceChoice[]>("GET", "/api/places");
  place = (id: string) => this.ask<PlaceWarning>("GET", `/api/me/places/${id}`);
  choosePins = (body: PinChoice) => this.ask<null>("PUT", "/api/me/pin", body);
  points = () => this.ask<readonly PointView[]>("GET", "/api/me/points");
  testPoint = (id: string) => this.ask<MessageAsked>("POST", `/api/me/points/${id}/test`);
  message = (id: string) => this.ask<ServiceMessageView>("GET", `/api/service-messages/${id}`);
}

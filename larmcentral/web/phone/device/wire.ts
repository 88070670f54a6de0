// A request that says when it has left the phone: fetch() cannot, XMLHttpRequest can.
import { Asker, type Fetch } from "../../shared/ask";
import type { Wire } from "../models/outbox";

const PATIENCE_MS = 8000;

const leaving =
  (left: () => void): Fetch =>
  (url, init) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(init.method ?? "GET", url);
      for (const [name, value] of Object.entries(init.headers as Record<string, string>)) request.setRequestHeader(name, value);
      request.timeout = PATIENCE_MS;
      request.upload.onload = left; // called for requests with a body alone, which all alarms have
      request.onload = () => {
        const headers = { "X-Larm": request.getResponseHeader("X-Larm") ?? "" };
        resolve(new Response(request.status === 204 ? null : request.responseText, { status: request.status, headers }));
      };
      request.onerror = request.ontimeout = request.onabort = () => reject(new TypeError("no answer"));
      request.send((init.body as string | undefined) ?? null);
    });

export const wire: Wire = (method, url, body, left) => new Asker(leaving(left), "phone").ask(method, url, body);

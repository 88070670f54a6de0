// The server's HTTP about words down to devices, and the sheets that devices are handed out with.
import type { Ask } from "./api_ways";
import type { CallBackOrder, DeviceOrdersView, OrderFiled, SheetSend, SheetView, SheetWritten } from "./shapes_orders";

export class OrdersApi {
  constructor(private readonly ask: Ask) {}

  devices = (incident: string) => this.ask<readonly DeviceOrdersView[]>("GET", `/api/incidents/${incident}/devices`);
  locate = (incident: string, device: string) => this.ask<OrderFiled>("POST", `/api/incidents/${incident}/devices/${device}/locate`);
  callBack = (incident: string, device: string, body: CallBackOrder) => this.ask<OrderFiled>("POST", `/api/incidents/${incident}/devices/${device}/call-back`, body);
  sheet = (device: string) => this.ask<SheetView>("GET", `/api/devices/${device}/commissioning`);
  keepSheet = (device: string, body: SheetWritten) => this.ask<null>("PUT", `/api/devices/${device}/commissioning`, body);
  sendSheet = (device: string, body: SheetSend) => this.ask<OrderFiled>("POST", `/api/devices/${device}/commissioning/send`, body);
}

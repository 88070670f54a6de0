// A message centre of npm's `smpp`, which is not ours. node smsc.cjs <folder with node_modules>
// Prints one JSON line for each thing that happens; a line on stdin is what somebody writes to us.
const { createRequire } = require("node:module");
const { createInterface } = require("node:readline");
const smpp = createRequire(process.argv[2] + "/")("smpp");

const say = (told) => process.stdout.write(JSON.stringify(told) + "\n");
const bound = [];
let number = 0;

const server = smpp.createServer((session) => {
  session.on("error", () => {});
  session.on("bind_transceiver", (pdu) => {
    const right = pdu.system_id === "larm" && pdu.password === "hemligt";
    say({ bind: right });
    session.send(pdu.response({ command_status: right ? 0 : smpp.ESME_RINVPASWD, system_id: "node" }));
    if (right) bound.push(session);
  });
  session.on("enquire_link", (pdu) => {
    say({ enquired: true });
    session.send(pdu.response());
  });
  session.on("unbind", (pdu) => {
    session.send(pdu.response());
    session.close();
  });
  session.on("deliver_sm_resp", (pdu) => say({ taken: pdu.command_status }));
  session.on("submit_sm", (pdu) => {
    const { source_addr, source_addr_ton, destination_addr, dest_addr_ton, data_coding, registered_delivery } = pdu;
    const message = pdu.short_message.message;
    say({ source_addr, source_addr_ton, destination_addr, dest_addr_ton, data_coding, registered_delivery, message });
    if (destination_addr.endsWith("8")) {
      session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
      return;
    }
    const message_id = `n${++number}`;
    session.send(pdu.response({ message_id }));
    const text = `id:${message_id} sub:001 dlvrd:001 submit date:2611221304 done date:2611221304 stat:DELIVRD err:000 text:`;
    session.deliver_sm({
      source_addr: destination_addr,
      source_addr_ton: 1,
      source_addr_npi: 1,
      destination_addr: source_addr,
      esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT,
      short_message: text,
    });
  });
});

server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));
createInterface({ input: process.stdin }).on("line", (text) =>
  bound.at(-1).deliver_sm({
    source_addr: "46700000017",
    source_addr_ton: 1,
    source_addr_npi: 1,
    destination_addr: "46700000001",
    short_message: text,
  }),
);

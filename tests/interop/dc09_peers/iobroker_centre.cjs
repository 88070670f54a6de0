// Runs with iobroker.sia beside it: an alarm receiving centre. Arguments: its folder, port, TCP or UDP. A line an event.
const [folder, port, transport] = process.argv.slice(2);
const { sia } = require(`${folder}/node_modules/iobroker.sia/build/lib/sia.js`);
const say = (what) => process.stdout.write(JSON.stringify(what) + "\n");
const server = new sia({ host: "127.0.0.1", port: Number(port), timeout: 5, sockend: false });
server.setAccounts([
  { accountnumber: "1234", aes: false, hex: false, password: "" },
  { accountnumber: "5678", aes: true, hex: false, password: "0123456789ABCDEF" },
]);
server.on("sia", (event, error) => say(error ? { error } : event));
server.on("error", (error) => say({ error }));
if (transport === "TCP") server.serverStartTCP();
else server.serverStartUDP();
setTimeout(() => say({ listening: Number(port) }), 300);

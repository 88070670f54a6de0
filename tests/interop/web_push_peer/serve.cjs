// web-push-testing as a process of ours: node serve.cjs <folder with node_modules> <port>. Loopback only: by itself it
// listens on every address.
const net = require("node:net");
const path = require("node:path");

const [folder, port] = process.argv.slice(2);
const here = (name) => require(path.join(folder, "node_modules", "web-push-testing", "src", name));
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (at, ...rest) {
  return listen.call(this, at, "127.0.0.1", ...rest).once("listening", () => process.stdout.write("listening\n"));
};

const { PushApiModel } = here("PushApiModel.js");
const Server = here("server.js");
new Server(new PushApiModel(), Number(port)).startServer();

// Sends one notification to each token with @parse/node-apn and prints what it read, one JSON line each.
// Arguments: folder with node_modules, then JSON {address, port, ca, key, keyId, teamId, topic, tokens}.
const apn = require(process.argv[2] + "/node_modules/@parse/node-apn");
const told = JSON.parse(process.argv[3]);
const fs = require("node:fs");

async function main() {
  const provider = new apn.Provider({
    address: told.address,
    port: told.port,
    ca: [fs.readFileSync(told.ca)],
    token: { key: told.key, keyId: told.keyId, teamId: told.teamId },
    production: false,
    connectionRetryLimit: 0,
    requestTimeout: 10000,
  });
  for (const token of told.tokens) {
    const note = new apn.Notification({ topic: told.topic, alert: "Hej", pushType: "alert", priority: 10 });
    const result = await provider.send(note, token);
    const failed = result.failed[0];
    const line = {
      sent: result.sent.length,
      status: failed?.status ?? null,
      reason: failed?.response?.reason ?? null,
      timestamp: failed?.response?.timestamp ?? null,
    };
    process.stdout.write(JSON.stringify(line) + "\n");
  }
  await provider.shutdown();
}

main().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(String(error) + "\n");
    process.exit(1);
  },
);

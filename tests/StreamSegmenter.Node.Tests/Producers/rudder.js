// Sends events with RudderStack's own client for Node.js: gzip, announced as a form.
//   node rudder.js ADDRESS COUNT      env: WRITE_KEY
// Sends one of each call, then COUNT track calls, and exits when the client has flushed. Prints one JSON line per
// failed flush ({"failed":...}) and at the end {"sent":...}.
const Analytics = require("@rudderstack/rudder-sdk-node");

const [address, count] = [process.argv[2], Number(process.argv[3] ?? 0)];
const print = (line) => console.log(JSON.stringify(line));
const client = new Analytics(process.env.WRITE_KEY ?? "open", {
  dataPlaneUrl: address,
  flushAt: 20,
  flushInterval: 100,
  retryCount: 20,
  logLevel: "none",
});

let sent = 0;
let answered = 0;
const finish = (error) => {
  if (error) {
    print({ failed: error.message });
  }

  if (++answered === sent) {
    print({ sent });
    process.exit(0);
  }
};
const calls = [
  ["identify", { userId: "ann", traits: { email: "ann@example.test" } }],
  ["track", { userId: "ann", event: "Order Completed", properties: { total: 99.5 } }],
  ["page", { anonymousId: "anon", name: "home" }],
  ["screen", { userId: "ann", name: "Main" }],
  ["group", { userId: "ann", groupId: "acme", traits: { name: "Acme" } }],
  ["alias", { userId: "ann", previousId: "anon" }],
];
for (let i = 0; i < count; i++) {
  calls.push(["track", { userId: `u${i % 10}`, event: "Counted", properties: { i } }]);
}

sent = calls.length;
calls.forEach(([call, event]) => client[call](event, finish));

// Sends events with Segment's own client for Node.js, as a shop would.
//   node segment.js ADDRESS COUNT      env: WRITE_KEY
// Sends one of each call, then COUNT track calls, and exits when the client has flushed. Prints one JSON line per
// answer ({"status":...}), one per event it gave up ({"failed":...}) and at the end {"sent":...}.
const { Analytics } = require("@segment/analytics-node");

const [address, count] = [process.argv[2], Number(process.argv[3] ?? 0)];
const print = (line) => console.log(JSON.stringify(line));
const client = new Analytics({
  writeKey: process.env.WRITE_KEY ?? "open",
  host: address,
  flushAt: 20,
  flushInterval: 100,
  maxRetries: 20,
});
let sent = 0;
const send = (call, event) => {
  client[call](event);
  sent++;
};

client.on("http_response", (response) => print({ status: response.status, at: Date.now() }));
client.on("error", (error) => print({ failed: error.code }));

const context = { ip: "203.0.113.9", campaign: { name: "autumn" } };
send("identify", { userId: "ann", traits: { email: "ann@example.test", since: new Date(0) }, context });
send("track", { userId: "ann", event: "Order Completed", properties: { total: 99.5 }, messageId: "fixed" });
send("track", { anonymousId: "anon", event: "ünï 🎉 event", timestamp: new Date("2020-01-02T03:04:05.678Z") });
send("page", { anonymousId: "anon", category: "docs", name: "home", properties: { url: "https://x.test/" } });
send("screen", { userId: "ann", name: "Main" });
send("group", { userId: "ann", groupId: "acme", traits: { name: "Acme" } });
send("alias", { userId: "ann", previousId: "anon" });
for (let i = 0; i < count; i++) {
  send("track", { userId: `u${i % 10}`, event: "Counted", properties: { i }, messageId: `segment-${i}` });
}

client.closeAndFlush({ timeout: 60000 }).then(() => print({ sent }));

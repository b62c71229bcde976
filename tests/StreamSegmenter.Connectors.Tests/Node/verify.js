// Usage: node verify.js SECRET < {"headers": {...}, "body": "..."}
// Prints the payload that the library accepted; fails where it accepts none.
const { Webhook } = require("standardwebhooks");

const request = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const payload = new Webhook(process.argv[2]).verify(request.body, request.headers);
process.stdout.write(JSON.stringify(payload));

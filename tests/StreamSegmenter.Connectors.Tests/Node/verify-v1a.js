// Usage: node verify-v1a.js whpk_PUBLIC < {"headers": {...}, "body": "..."}
// Verifies Standard Webhooks' asymmetric signatures by Node.js' own Ed25519; fails where none fits.
const crypto = require("node:crypto");

const request = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const head = Buffer.from("302a300506032b6570032100", "hex"); // SubjectPublicKeyInfo of an Ed25519 key, RFC 8410
const raw = Buffer.from(process.argv[2].replace(/^whpk_/, ""), "base64");
const key = crypto.createPublicKey({ key: Buffer.concat([head, raw]), format: "der", type: "spki" });
const { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signatures } = request.headers;
const signed = Buffer.from(`${id}.${time}.${request.body}`);
const fits = signatures
  .split(" ")
  .map((signature) => signature.split(","))
  .some(([scheme, value]) => scheme === "v1a" && crypto.verify(null, signed, key, Buffer.from(value, "base64")));
process.exitCode = fits ? 0 : 1;

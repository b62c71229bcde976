// Usage: node card.js SCHEMA < CARD. Prints what the schema finds wrong with the card, and fails where it does.
const fs = require("node:fs");
const Ajv = require("ajv");

const schema = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
delete schema.id; // a keyword of draft 04, in a schema that calls itself draft 06
const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addMetaSchema(require("ajv/dist/refs/json-schema-draft-06.json"));
const isCard = ajv.compile(schema);
if (!isCard(JSON.parse(fs.readFileSync(0, "utf8")))) {
  console.log(JSON.stringify(isCard.errors.slice(0, 5)));
  process.exit(1);
}

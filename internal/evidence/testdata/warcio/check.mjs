// Reads WARC files with warcio, twice: as blocks and as HTTP messages. Prints a line of JSON for each record.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { WARCParser } from "warcio";

const sha256 = (data) => "sha256:" + createHash("sha256").update(data).digest("hex");
const kept = (digest, data) => (digest ? digest === sha256(data) : null);

for (const name of process.argv.slice(2)) {
  const lines = [];
  const blocks = new WARCParser(createReadStream(name), { parseHttp: false });
  for await (const record of blocks) {
    const block = await record.readFully(false);
    lines.push({
      type: record.warcType,
      id: record.warcHeader("WARC-Record-ID"),
      uri: record.warcHeader("WARC-Target-URI"),
      date: record.warcDate,
      offset: blocks.offset,
      block: kept(record.warcBlockDigest, block),
    });
  }
  let i = 0;
  for await (const record of new WARCParser(createReadStream(name))) {
    const payload = await record.readFully(false);
    const line = lines[i++];
    line.payload = record.warcType === "revisit" ? null : kept(record.warcPayloadDigest, payload);
    line.status = record.httpHeaders?.statusCode ?? null;
    line.content = record.httpHeaders && record.warcType === "response" ? record.httpHeaders.headers.get("content-type") : null;
  }
  if (i !== lines.length) {
    throw new Error(`${name}: ${lines.length} records as blocks, ${i} as messages`);
  }
  for (const line of lines) {
    console.log(JSON.stringify(line));
  }
}

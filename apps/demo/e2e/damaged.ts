import { createHash } from "node:crypto";
import { unzip, zip } from "@dl/data";

const WEIGHTS = "model.safetensors";
const STATE = "state.json";

const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

/** The checkpoint of a network whose last weight is no number, as a training that diverged would leave it. */
export function withoutNumber(checkpoint: Uint8Array): Uint8Array {
  const files = new Map(unzip(checkpoint, "checkpoint.zip"));
  const [weights, state] = [files.get(WEIGHTS), files.get(STATE)];
  if (weights === undefined || state === undefined) throw new Error(`withoutNumber: there is only ${[...files.keys()].join(", ")}`);
  // Four bytes of ones are NaN.
  const spoilt = weights.slice().fill(0xff, weights.length - 4);
  const { digest: _, ...body } = JSON.parse(new TextDecoder().decode(state)) as { readonly digest: string; readonly files: Readonly<Record<string, string>> };
  const vouched = { ...body, files: { ...body.files, [WEIGHTS]: sha256(spoilt) } };
  files.set(WEIGHTS, spoilt);
  files.set(STATE, new TextEncoder().encode(JSON.stringify({ ...vouched, digest: sha256(JSON.stringify(vouched)) })));
  return zip(files);
}

import { i32 } from "../assembler/index.js";
import type { Code, Local } from "../assembler/index.js";

/**
 * Room that each thread has for one call, beside its scratch memory, in words from where a kernel's layout puts them: where the first
 * thread's begins, how large each is, and the same of scratch memory, which tells threads apart.
 */
export const RoomArgs = { room: 0, bytesPerThread: 1, scratch: 2, scratchBytes: 3 } as const;

/** Where this thread's room begins. */
export function ownRoom(own: (name: keyof typeof RoomArgs) => Code<"i32">, scratch: Local<"i32">): Code<"i32"> {
  const thread = i32.divUnsigned(i32.sub(scratch.get, own("scratch")), own("scratchBytes"));
  return i32.add(own("room"), i32.mul(thread, own("bytesPerThread")));
}

import { scratchBytes } from "../engine.js";
import type { Engine } from "../engine.js";
import { RoomArgs } from "../kernels/room.js";
import { Control } from "../threads/control.js";

/** Runs `launch` while every thread has room of its own. @param at where among the arguments it is described */
export function withRoom(engine: Engine, bytesPerThread: number, at: number, launch: () => void): void {
  const room = engine.heap.borrow(bytesPerThread * engine.threads);
  engine.argumentsOf(RoomArgs, { room: room.pointer, bytesPerThread, scratch: engine.heap.i32[Control.scratch], scratchBytes }, at);
  try {
    launch();
  } finally {
    engine.heap.giveBack(room);
  }
}

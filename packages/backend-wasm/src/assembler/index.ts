export { code, sequence, unrolled } from "./code.js";
export type { Code, ValueType } from "./code.js";
export { FunctionBuilder, Local, call, choose, loopBelow, loopFrom, plus, repeatWhile, when } from "./function.js";
export { ModuleBuilder, mostPages } from "./module.js";
export { f32, f64, i32 } from "./ops.js";
export { demote, f32x4, f64x2, i16x8, i32x4, i64x2, i8x16, shuffle32, shuffle8, v128 } from "./simd.js";
